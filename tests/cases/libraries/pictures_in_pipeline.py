# Pictures: decoding, scaling and saving in helpers, classes and class-level tables.
# file: app/__init__.py
# file: app/pictures.py
import io
from abc import ABC, abstractmethod
from dataclasses import dataclass

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont, ImageOps


@dataclass
class Size:
    width: int
    height: int

    @property
    def ratio(self) -> float:
        return self.width / self.height


class Step(ABC):
    @abstractmethod
    def apply(self, image: Image.Image) -> Image.Image: ...


class Grey(Step):
    def apply(self, image):
        return ImageOps.grayscale(image)


class Blur(Step):
    def __init__(self, radius: int) -> None:
        self.radius = radius

    def apply(self, image):
        return image.filter(ImageFilter.GaussianBlur(self.radius))


class Pipeline:
    steps: dict[str, type[Step]] = {"grey": Grey}

    def __init__(self, *steps: Step) -> None:
        self._steps = list(steps)

    def run(self, raw: bytes) -> bytes:
        image = Image.open(io.BytesIO(raw))
        image = ImageOps.exif_transpose(image)
        for step in self._steps:
            image = step.apply(image)
        out = io.BytesIO()
        image.save(out, format="WEBP")
        return out.getvalue()

    def describe(self) -> str:
        return ", ".join(type(step).__name__ for step in self._steps)


def stamp(image: Image.Image, text: str) -> Image.Image:
    draw = ImageDraw.Draw(image)
    draw.text((0, 0), text, font=ImageFont.load_default())
    return image


class Faces:
    def __init__(self) -> None:
        self.cascade = cv2.CascadeClassifier("faces.xml")

    def __call__(self, raw: bytes) -> list:
        array = cv2.imdecode(np.frombuffer(raw, np.uint8), cv2.IMREAD_COLOR)
        grey = cv2.cvtColor(array, cv2.COLOR_BGR2GRAY)
        return list(self.cascade.detectMultiScale(grey))
# file: app/main.py
import asyncio

from app.pictures import Blur, Faces, Grey, Pipeline, Size, stamp
from fastapi import FastAPI, File, UploadFile
from PIL import Image

app = FastAPI()
pipeline = Pipeline(Grey(), Blur(3))
faces = Faces()


@app.post("/pictures")
async def upload(file: UploadFile):
    raw = await file.read()
    data = pipeline.run(raw)  # expect: RW306
    return len(data)


@app.post("/faces")
async def detect(file: bytes = File()):
    return {"faces": faces(file)}  # expect: RW306


@app.post("/faces/off")
async def detect_off(file: bytes = File()):
    return {"faces": await asyncio.to_thread(faces, file), "does": pipeline.describe()}


@app.post("/thumb")
async def thumb(file: UploadFile):
    image = Image.open(file.file)  # allow: RW304, RW306
    image.thumbnail((128, 128))  # expect: RW306
    size = Size(*image.size)
    return size.ratio


@app.get("/blank")
async def blank():
    image = Image.new("RGB", (10, 10))
    return stamp(image, "x").size  # allow: RW306
