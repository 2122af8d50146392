# More implementations in a registry than are told apart: their base stands for them.
import time

from fastapi import FastAPI

app = FastAPI()


class Service:
    def ready(self) -> bool:
        return True


class Factory:
    def create(self) -> Service:
        raise NotImplementedError


SERVICES: dict[str, Factory] = {}


def register(factory: type[Factory]) -> type[Factory]:
    SERVICES[factory.__name__] = factory()
    return factory


class Service0(Service):
    pass


@register
class Factory0(Factory):
    def create(self):
        return Service0()


class Service1(Service):
    pass


@register
class Factory1(Factory):
    def create(self):
        return Service1()


class Service2(Service):
    pass


@register
class Factory2(Factory):
    def create(self):
        return Service2()


class Service3(Service):
    pass


@register
class Factory3(Factory):
    def create(self):
        return Service3()


class Service4(Service):
    pass


@register
class Factory4(Factory):
    def create(self):
        return Service4()


class Service5(Service):
    pass


@register
class Factory5(Factory):
    def create(self):
        return Service5()


class Service6(Service):
    pass


@register
class Factory6(Factory):
    def create(self):
        return Service6()


class Service7(Service):
    pass


@register
class Factory7(Factory):
    def create(self):
        return Service7()


class Service8(Service):
    pass


@register
class Factory8(Factory):
    def create(self):
        return Service8()


class Service9(Service):
    pass


@register
class Factory9(Factory):
    def create(self):
        return Service9()


class Slow(Service):
    async def start(self) -> None:
        time.sleep(1)  # expect: RW303

    def work(self) -> None:
        time.sleep(1)


@register
class SlowFactory(Factory):
    def create(self):
        return Slow()


def get_service(name: str):
    return SERVICES[name].create()


@app.get("/{name}")
async def read(name: str) -> None:
    service = get_service(name)
    service.ready()
    await service.start()
    service.work()  # expect: RW303
