# Passwords hashed in properties, models, services and mixins.
# file: app/__init__.py
# file: app/security.py
import base64
import hashlib
import hmac
import os
from dataclasses import dataclass

import argon2
import bcrypt
from argon2 import PasswordHasher
from passlib.context import CryptContext
from passlib.hash import pbkdf2_sha256
from pwdlib import PasswordHash
from werkzeug.security import check_password_hash, generate_password_hash
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.asymmetric import rsa

pwd_context = CryptContext(schemes=["argon2", "bcrypt"], deprecated="auto")
hasher = PasswordHash.recommended()


class Password:
    def __init__(self, plain: str) -> None:
        self.plain = plain

    def __eq__(self, other):
        return bcrypt.checkpw(self.plain.encode(), other)

    def __str__(self) -> str:
        return "***"


class UserMixin:
    _hash = ""

    @property
    def password(self):
        raise AttributeError

    @password.setter
    def password(self, plain):
        self._hash = generate_password_hash(plain)

    def check(self, plain):
        return check_password_hash(self._hash, plain)


class User(UserMixin):
    def __init__(self, name, password=None):
        self.name = name
        if password:
            self.password = password


class Hasher:
    _instance = None
    ph = PasswordHasher()

    def __new__(cls):
        if cls._instance is None:
            cls._instance = super().__new__(cls)
        return cls._instance

    verify = staticmethod(pwd_context.verify)

    @staticmethod
    def digest(text):
        return hmac.new(b"k", text.encode(), hashlib.sha256).hexdigest()

    def strong(self, text):
        return self.ph.hash(text)


def derive(secret: str) -> bytes:
    kdf = Scrypt(salt=os.urandom(16), length=32, n=2**14, r=8, p=1)
    return base64.b64encode(kdf.derive(secret.encode()))


def key():
    return rsa.generate_private_key(public_exponent=65537, key_size=4096)
# file: app/main.py
from app.security import Hasher, Password, User, derive, hasher, key, pbkdf2_sha256
from fastapi import Depends, FastAPI
from fastapi.security import OAuth2PasswordRequestForm

app = FastAPI()


@app.post("/token")
async def token(form: OAuth2PasswordRequestForm = Depends()):
    user = User(form.username)
    if not user.check(form.password):  # expect: RW306
        return None
    if Password(form.password) == b"x":  # expect: RW306
        return str(Password("x"))
    return Hasher.verify(form.password, "h")  # expect: RW306


@app.post("/users")
async def create(name: str, password: str):
    user = User(name, password)  # expect: RW306
    user.password = password  # expect: RW306
    return user.name


@app.post("/strong")
async def strong(text: str):
    return [
        Hasher().strong(text),  # expect: RW306
        Hasher.digest(text),
        derive(text),  # expect: RW306
        hasher.hash(text),  # expect: RW306
        pbkdf2_sha256.using(rounds=9).hash(text),  # expect: RW306
    ]


@app.post("/keys")
async def keys():
    key()  # expect: RW306
