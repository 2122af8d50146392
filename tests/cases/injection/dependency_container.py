# Services from a container of providers: `dependency_injector`.
from typing import Annotated, Any

import requests
from dependency_injector import containers, providers
from dependency_injector.wiring import Provide, inject
from fastapi import Depends, FastAPI


class Client:
    def __init__(self, url):
        self.url = url

    def fetch(self):
        return requests.get(self.url, timeout=2)


class Service:
    def __init__(self, client):
        self.client = client

    def run(self):
        return self.client.fetch()

    async def run_async(self):
        return self.client.fetch()  # expect: RW301


class Quiet:
    def run(self):
        return 1


class Container(containers.DeclarativeContainer):
    config = providers.Configuration()
    client = providers.Singleton(Client, url=config.url)
    service = providers.Factory(Service, client=client)
    quiet = providers.Factory(Quiet)
    fixed = providers.Object(Quiet())


app = FastAPI()
container = Container()


@app.get("/default")
@inject
async def default(service: Service = Depends(Provide[Container.service])) -> Any:
    return service.run()  # expect: RW301


@app.get("/annotated")
@inject
async def annotated(
    service: Annotated[Service, Depends(Provide[Container.service])],
) -> Any:
    return service.run()  # expect: RW301


@app.get("/untyped")
@inject
async def untyped(
    service=Depends(Provide[Container.service]),
    quiet=Depends(Provide[Container.quiet]),
) -> Any:
    quiet.run()
    return service.run()  # expect: RW301


@app.get("/called")
async def called() -> Any:
    container.quiet().run()
    container.fixed().run()
    Container.client().fetch()  # expect: RW301
    await container.service().run_async()
    return container.service().run()  # expect: RW301


@inject
def helper(service=Provide[Container.service]) -> Any:
    return service.run()


@app.get("/helper")
async def through_helper() -> Any:
    return helper()  # expect: RW301
