# Browsers that code drives: starting them, and each command.
from fastapi import FastAPI
from playwright.async_api import async_playwright
from playwright.sync_api import sync_playwright
from selenium import webdriver

app = FastAPI()


@app.get("/selenium")
async def selenium(url: str) -> str:
    driver = webdriver.Chrome()  # expect: RW305
    driver.get(url)  # expect: RW301
    driver.find_element("id", "x").click()  # expect: RW301
    return url


@app.get("/playwright")
async def playwright(url: str) -> str:
    with sync_playwright() as p:  # expect: RW305
        browser = p.chromium.launch()  # expect: RW305
        page = browser.new_page()  # expect: RW301
        page.goto(url)  # expect: RW301
        return page.content()  # expect: RW301


@app.get("/async")
async def asynchronous(url: str) -> str:
    async with async_playwright() as p:
        browser = await p.chromium.launch()
        page = await browser.new_page()
        await page.goto(url)
        return await page.content()
