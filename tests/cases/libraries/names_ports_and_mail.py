# Names resolved, ports tried and mail boxes read through helpers of several modules.
# file: app/__init__.py
# file: app/net.py
import ipaddress
import socket
import ssl
from contextlib import closing, contextmanager
from urllib.parse import urlparse

import dns.resolver
import dns.reversename
import paramiko
import whois
from email_validator import validate_email


def is_private(url: str) -> bool:
    host = urlparse(url).hostname
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        pass
    return any(ipaddress.ip_address(i[4][0]).is_private for i in socket.getaddrinfo(host, None))


def port_open(host, port):
    with closing(socket.socket(socket.AF_INET, socket.SOCK_STREAM)) as sock:
        sock.settimeout(2)
        return sock.connect_ex((host, port)) == 0


def certificate(host):
    context = ssl.create_default_context()
    with socket.create_connection((host, 443)) as raw:
        with context.wrap_socket(raw, server_hostname=host) as tls:
            return tls.getpeercert()


class Resolver:
    def __init__(self):
        self._resolver = dns.resolver.Resolver()

    def mx(self, domain):
        return [str(r.exchange) for r in self._resolver.resolve(domain, "MX")]


@contextmanager
def ssh(host):
    client = paramiko.SSHClient()
    client.connect(host)
    try:
        yield client
    finally:
        client.close()


def normalise(address):
    return validate_email(address, check_deliverability=False).normalized


def deliverable(address):
    return validate_email(address, check_deliverability=True).normalized
# file: app/main.py
import socket

from app.net import *
from app.net import Resolver, is_private, ssh
from fastapi import Depends, FastAPI, HTTPException

app = FastAPI()


async def public_url(url: str) -> str:
    if is_private(url):  # expect: RW308
        raise HTTPException(400)
    return url


@app.get("/fetch")
async def fetch(url: str = Depends(public_url)):
    return url


@app.get("/port")
async def port(host: str):
    return {"open": port_open(host, 22), "me": socket.gethostname()}  # expect: RW308


@app.get("/cert")
async def cert(host: str):
    return certificate(host)  # expect: RW308


@app.get("/mx")
async def mx(domain: str, resolver: Resolver = Depends()):
    return resolver.mx(domain)  # expect: RW308


@app.get("/ssh")
async def run(host: str, command: str):
    with ssh(host) as client:  # expect: RW308
        _, out, _ = client.exec_command(command)  # expect: RW308
        return out.read().decode()  # allow: RW308


@app.get("/whois")
async def owner(domain: str):
    return whois.whois(domain)  # expect: RW308


@app.get("/mail")
async def mail(address: str):
    return normalise(address)


@app.get("/mail/deep")
async def mail_deep(address: str):
    return deliverable(address)  # expect: RW308
