from apps.project.celery import app


def test_no_periodic_work_waits_longer_than_a_beat_runs() -> None:
    """A beat that starts counts each interval anew: started once a day, it never sends what is daily."""
    app.finalize()

    slow = {name for name, entry in app.conf.beat_schedule.items() if entry["schedule"] > 3600}
    assert app.conf.beat_schedule
    assert not slow
