"""Letters that were sent before copies were told apart: the step reads it from their addressees."""

from alembic import command
from sqlalchemy import select

from registry import schema
from registry.desk import compose
from registry.desk.compose import Composition
from registry.ids import new_id
from registry.models.outgoing import DeliveryRow


def test_the_step_marks_the_copies_of_letters_that_were_sent_before_it(
    database, desk, phrae, books
):
    what = Composition(new_id(), subject="ขอรายงาน", text="โปรด", to=("town",), copies=("dla",))
    with database.write() as session:
        compose.hand_over(session, desk, phrae.entity, phrae.registrar.email, what, now=True)
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0011")
        command.upgrade(config, "head")
    with database.read() as session:
        marked = select(DeliveryRow.is_copy).order_by(DeliveryRow.id)
        assert session.scalars(marked).all() == [False, True]
