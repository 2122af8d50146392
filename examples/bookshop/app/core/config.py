"""Settings, from the environment."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="BOOKSHOP_")

    title: str = "Bookshop"
    database_url: str = "sqlite:///./bookshop.db"
    origins: list[str] = ["https://bookshop.example"]
    payment_url: str = "https://pay.example/v2"
    payment_attempts: int = 3
    mail_host: str = "localhost"
    mail_from: str = "orders@bookshop.example"
    genres_file: Path = Path(__file__).parent / "genres.json"
    invoice_folder: Path = Path("invoices")


settings = Settings()
