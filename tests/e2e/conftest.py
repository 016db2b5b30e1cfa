"""Installations for the end-to-end tests. One is shared: starting one takes seconds, and a test leaves it running."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.e2e.desk import Desk
from tests.e2e.product import Product


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """An installation that runs during all tests that ask for it. Each leaves it running, or stops it for good."""
    product = Product(tmp_path_factory.mktemp("bihuan") / "var")
    yield product
    product.close()


@pytest.fixture
async def product(installation: Product) -> Product:
    """The shared installation, up and ready."""
    if installation.process is None or installation.process.poll() is not None:
        installation.begin()
    await installation.ready()
    return installation


@pytest.fixture
async def desk(product: Product) -> AsyncIterator[Desk]:
    """People at work in the shared installation."""
    async with Desk(product) as opened:
        yield opened
