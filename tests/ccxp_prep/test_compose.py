"""docker-compose.yml as text, and what it starts as processes (tests/production.py)."""

from __future__ import annotations

import json
import re
import time

import pytest

from tests.processes import wait_until
from tests.production import APPLICATION, ROOT, VARIABLES, MissingVariable, Production, read_compose

DOCKERFILE = (ROOT / "Dockerfile").read_text()
SETTINGS = (ROOT / "ccxp_prep" / "settings.py").read_text()
SERVICES = read_compose(VARIABLES)["services"]


# The files


@pytest.mark.parametrize("name", ["SECRET_KEY", "POSTGRES_PASSWORD", "SITE_HOST"])
def test_compose_refuses_without_a_value_of_ones_own(name: str) -> None:
    others = {key: value for key, value in VARIABLES.items() if key != name}

    with pytest.raises(MissingVariable, match=f"{name}: Set {name} to "):
        read_compose(others)


def test_secrets_have_no_default() -> None:
    text = (ROOT / "docker-compose.yml").read_text()

    assert set(re.findall(r"\$\{(\w*(?:SECRET|PASSWORD|KEY)\w*?)(?:_FILE)?[:}]", text)) == {
        "SECRET_KEY",
        "POSTGRES_PASSWORD",
    }
    assert re.findall(r"\$\{\w*(?:SECRET|PASSWORD|KEY)\w*:-[^$}]+", text) == []


def test_secrets_may_lie_in_files() -> None:
    files = {"SECRET_KEY_FILE": "/run/secrets/key", "POSTGRES_PASSWORD_FILE": "/run/secrets/password"}
    services = read_compose({"SITE_HOST": "localhost", **files})["services"]

    assert services["web"]["environment"]["SECRET_KEY_FILE"] == "/run/secrets/key"
    assert services["web"]["environment"]["DATABASE_PASSWORD_FILE"] == "/run/secrets/password"
    # The image of PostgreSQL refuses to be given both.
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD"] == ""
    assert services["postgres"]["environment"]["POSTGRES_PASSWORD_FILE"] == "/run/secrets/password"


def test_services_are_the_six_of_production() -> None:
    assert set(SERVICES) == {"migrate", "web", "worker", "beat", "postgres", "redis"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_every_lasting_service_has_a_health_check(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", APPLICATION)
def test_application_starts_after_migrations_and_servers(name: str) -> None:
    assert SERVICES[name]["depends_on"] == {
        "migrate": {"condition": "service_completed_successfully"},
        "postgres": {"condition": "service_healthy"},
        "redis": {"condition": "service_healthy"},
    }


@pytest.mark.parametrize("name", [*APPLICATION, "migrate"])
def test_settings_know_every_variable(name: str) -> None:
    known = set(re.findall(r'env_\w+\("(\w+)"', SETTINGS)) | {"WEB_CONCURRENCY"}
    known |= {f"{secret}_FILE" for secret in re.findall(r'env_secret\("(\w+)"', SETTINGS)}

    assert set(SERVICES[name]["environment"]) - known == set()


def test_only_web_is_reached_from_outside_and_from_this_machine_only() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_data_lies_in_named_volumes() -> None:
    secrets = "./secrets:/run/secrets:ro"
    volumes = {name: [each for each in one.get("volumes", []) if each != secrets] for name, one in SERVICES.items()}
    mounted = {name: each for name, each in volumes.items() if each}

    assert mounted == {
        "beat": ["beat:/var/lib/ccxp-prep"],
        "postgres": ["postgres:/var/lib/postgresql/data"],
        "redis": ["redis:/data"],
    }
    assert set(read_compose(VARIABLES)["volumes"]) == {"beat", "postgres", "redis"}


def test_image_is_pinned_by_hash_and_runs_as_nobody_special() -> None:
    assert "--require-hashes --requirement /tmp/requirements.lock" in DOCKERFILE
    assert re.findall(r"^USER (.*)$", DOCKERFILE, flags=re.MULTILINE) == ["10001"]
    assert DOCKERFILE.index("collectstatic") < DOCKERFILE.index("USER 10001")


def test_image_leaves_out_history_secrets_and_tests() -> None:
    ignored = (ROOT / ".dockerignore").read_text().splitlines()

    assert {".*", "var", "tests"} - set(ignored) == set()


# The processes


def test_every_service_is_healthy(production_stack: Production) -> None:
    assert [name for name in (*APPLICATION, "postgres", "redis") if not production_stack.is_healthy(name)] == []


def test_web_runs_several_processes(production_stack: Production) -> None:
    assert len(re.findall(r"Booting worker with pid", production_stack.log("web"))) == 2


def test_ready_with_database_and_redis(production_stack: Production) -> None:
    assert json.loads(production_stack.get("/readyz").body) == {"database": "up", "redis": "up"}


def test_home_page_is_served(production_stack: Production) -> None:
    assert production_stack.get("/").status == 200


def test_static_files_are_hashed_compressed_and_lasting(production_stack: Production) -> None:
    page = production_stack.get("/").body.decode()
    href = re.search(r'href="(/static/css/[^"]+\.[0-9a-f]{12}\.css)"', page)
    assert href is not None
    response = production_stack.get(href[1], **{"Accept-Encoding": "br"})

    assert response.status == 200
    assert response.getheader("Content-Encoding") == "br"
    assert "immutable" in response.getheader("Cache-Control")


def test_other_host_names_are_refused(production_stack: Production) -> None:
    assert production_stack.get("/", Host="elsewhere.example").status == 400


def test_content_is_loaded(production_stack: Production) -> None:
    counted = production_stack.shell(
        "from competencies.models import Competency, Statement;"
        "print(Competency.objects.count(), Statement.objects.count())"
    )

    assert counted.split() == ["6", "89"]


def test_migrate_service_can_run_again(production_stack: Production) -> None:
    assert "Content is up to date" in production_stack.run("migrate", production_stack.command("migrate"))


def publish(stack: Production, name: str = "quizzes.close_overdue_attempts") -> str:
    """The id of a task sent to the broker."""
    return stack.shell(f"from celery import current_app; print(current_app.send_task('{name}').id)").strip()


def test_worker_runs_a_published_task(production_stack: Production) -> None:
    task = publish(production_stack)

    wait_until(lambda: f"[{task}] succeeded" in production_stack.log("worker"), what="the task")


def test_task_published_while_the_worker_was_dead_runs_later(production_stack: Production) -> None:
    production_stack.kill("worker")
    task = publish(production_stack)
    production_stack.start("worker")

    wait_until(lambda: f"[{task}] succeeded" in production_stack.log("worker"), what="the task")


def test_task_of_a_worker_killed_in_the_middle_runs_again(production_stack: Production) -> None:
    # The task waits for the table, so that it is certainly unfinished when its worker dies.
    with production_stack.connect() as lock, lock.cursor() as cursor:
        cursor.execute("LOCK TABLE quizzes_attempt")
        task = publish(production_stack)
        wait_until(lambda: f"[{task}] received" in production_stack.log("worker"), what="the task's start")
        time.sleep(0.5)
        production_stack.kill("worker")
        assert f"[{task}] succeeded" not in production_stack.log("worker")
    production_stack.start("worker")

    # The visibility timeout of ten seconds, and fifteen.
    wait_until(lambda: f"[{task}] succeeded" in production_stack.log("worker"), seconds=25, what="the second run")


def test_ready_while_redis_is_down(production_stack: Production) -> None:
    production_stack.kill("redis")
    response = production_stack.get("/readyz")

    assert (response.status, json.loads(response.body)["redis"]) == (200, "down")


def test_ready_while_redis_hangs(production_stack: Production) -> None:
    production_stack.pause("redis")
    started = time.monotonic()
    response = production_stack.get("/readyz")

    assert (response.status, json.loads(response.body)["redis"]) == (200, "down")
    assert time.monotonic() - started < 4


PUBLISH = """
import time
from quizzes.tasks import close_overdue_attempts
started = time.monotonic()
close_overdue_attempts.delay_on_commit()
print(time.monotonic() - started)
"""


@pytest.mark.parametrize("fault", ["kill", "pause"])
def test_publishing_without_redis_is_quick_and_harmless(production_stack: Production, fault: str) -> None:
    getattr(production_stack, fault)("redis")

    assert float(production_stack.shell(PUBLISH)) < 2


def test_not_ready_but_alive_without_the_database(production_stack: Production) -> None:
    production_stack.kill("postgres")

    assert production_stack.get("/readyz").status == 503
    assert production_stack.get("/healthz").status == 200


def test_ready_again_after_a_crash_of_the_database(production_stack: Production) -> None:
    production_stack.kill("postgres")
    production_stack.start("postgres")

    wait_until(lambda: production_stack.get("/readyz").status == 200, what="a ready web service")


def test_web_stops_politely(production_stack: Production) -> None:
    assert production_stack.stop("web") == 0


def test_worker_stops_politely(production_stack: Production) -> None:
    assert production_stack.stop("worker") == 0


def test_http_is_sent_on_to_https(production_stack: Production) -> None:
    """With the default HTTPS=1 of the file, which the other tests switch off to do without a proxy."""
    environment = {
        **production_stack.environment("web"),
        "HTTPS": read_compose({**VARIABLES, "HTTPS": ""})["x-app"]["environment"]["HTTPS"],
    }
    production_stack.stop("web")
    child = production_stack.children["web"]
    child.environment, given = environment, child.environment
    child.start()
    wait_until(lambda: production_stack.is_healthy("web"), what="a healthy web service")

    plain = production_stack.get("/")
    behind_proxy = production_stack.get("/", **{"X-Forwarded-Proto": "https"})
    child.stop()
    child.environment = given

    assert (plain.status, plain.getheader("Location")[:8]) == (301, "https://")
    assert (behind_proxy.status, "max-age=31536000" in behind_proxy.getheader("Strict-Transport-Security")) == (
        200,
        True,
    )


def test_beat_publishes_its_schedule(production_stack: Production) -> None:
    # The last test here, because the first minute after its start has to pass.
    wait_until(
        lambda: "Sending due task close-overdue-attempts" in production_stack.log("beat"),
        seconds=90,
        what="the first periodic task",
    )
