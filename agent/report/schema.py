"""The published JSON schema of `report.json`; `python -m agent.report.schema` writes it again."""

import json
from pathlib import Path

from agent.report.models import Report

FILE = Path(__file__).with_name("report.schema.json")


def report_schema() -> str:
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "soundcheck/report-1.0.json",
        **Report.model_json_schema(mode="serialization"),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(report_schema(), encoding="utf-8")
