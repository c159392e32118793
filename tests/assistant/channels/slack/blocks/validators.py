"""Block Kit as three others know it, and what none of them checks.

slack_sdk's models know limits, slackblocks more of them, and @slack/types which keys there are. None knows all.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import slackblocks as sb
from slack_sdk.models.blocks import Block as SdkBlock
from slack_sdk.models.views import View as SdkView

from assistant.channels.slack.blocks.prose import Block
from tests.content import ROOT

FOREIGN = ROOT / "tests" / "foreign"
_NOT_IN_SDK = ("data_table", "data_visualization")
_NOT_IN_TYPES = ("data_visualization",)


def check_message(text: str, blocks: list[Block]) -> None:
    """Pass a message to slack_sdk and slackblocks.

    Raises:
        Exception: it is not valid; each of them has its own.
    """
    assert 0 < len(text) <= 3900
    by_slack_sdk(blocks)
    sb.Message("C1", text=text, blocks=[rebuilt(one) for one in blocks] or None)
    own(blocks)


def check_view(view: Block) -> None:
    """The same for a modal or a Home tab."""
    SdkView(**view).validate_json()
    by_slack_sdk(view["blocks"])
    blocks = [rebuilt(one) for one in view["blocks"]]
    if view["type"] == "home":
        sb.HomeTabView(blocks)
    else:
        titles = {name: view[name]["text"] for name in ("title", "submit", "close")}
        sb.ModalView(
            blocks=blocks, private_metadata=view["private_metadata"], callback_id=view["callback_id"], **titles
        )
    own(view["blocks"])


def by_slack_sdk(blocks: Iterable[Block]) -> None:
    """Every block that slack_sdk knows comes out of its models as it went in."""
    for block in blocks:
        if block["type"] not in _NOT_IN_SDK:
            parsed = SdkBlock.parse(block)
            assert parsed is not None
            assert parsed.to_dict() == block


def by_typescript(blocks: Iterable[Block], views: Iterable[Block], folder: Path) -> str:
    """What the compiler says of blocks and views against @slack/types; nothing if all is well."""
    known = {json.dumps(one, ensure_ascii=True): None for one in blocks if one["type"] not in _NOT_IN_TYPES}
    lines = [
        'import type { HomeView, KnownBlock, ModalView } from "@slack/types";',
        *(f"const b{number}: KnownBlock = {one};" for number, one in enumerate(known)),
        *(
            f"const v{number}: {'HomeView' if one['type'] == 'home' else 'ModalView'} = {json.dumps(one)};"
            f" const vb{number}: KnownBlock[] = {json.dumps(one['blocks'])};"
            for number, one in enumerate(views)
        ),
    ]
    (folder / "emitted.ts").write_text("\n".join(lines), encoding="utf-8")
    types = {"@slack/types": [str(FOREIGN / "node_modules" / "@slack" / "types")]}
    options = {
        "strict": True,
        "noEmit": True,
        "module": "esnext",
        "moduleResolution": "bundler",
        "paths": types,
        "types": [],
    }
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "files": ["emitted.ts"]}))
    command = ["node", str(FOREIGN / "node_modules" / "typescript" / "bin" / "tsc"), "-p", str(folder)]
    compiled = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not compiled.stderr, f"the compiler did not run; see deploy/setup.sh test: {compiled.stderr}"
    return compiled.stdout


def own(blocks: Iterable[Block]) -> None:
    """What no validator catches: empty elements and texts, long values of options, ids that are there twice."""
    blocks = list(blocks)
    ids = [(block.get("block_id"), one["action_id"]) for block in blocks for one in _all(block) if "action_id" in one]
    assert len(ids) == len({*ids}), ids
    for one in _all(blocks):
        for name in ("elements", "options", "fields", "child_blocks", "rows"):
            assert one.get(name) != [], one
        if one.get("type") in ("plain_text", "mrkdwn", "text", "raw_text"):
            assert one["text"].strip() or one["type"] == "text" and one["text"], one
        for option in one.get("options", ()):
            assert len(option["value"]) <= 150, option
        if one.get("type") == "button":
            assert len(one.get("value", "")) <= 2000
            assert len(one["text"]["text"]) <= 75
            assert ("value" in one) != ("url" in one)
        if one.get("type") == "actions":
            assert len([each for each in one["elements"] if each["type"] == "button"]) <= 5
        if one.get("type") == "header":
            assert "**" not in one["text"]["text"]


def _all(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _all(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _all(inner)


def rebuilt(block: Mapping[str, Any]) -> Any:
    """A block made by slackblocks' constructors, which check it; its own parser knows few types."""
    return _BLOCKS[block["type"]](block)


def _text(one: Mapping[str, Any]) -> Any:
    return sb.Text.from_dict(dict(one))


def _option(one: Mapping[str, Any]) -> Any:
    return sb.Option.from_dict(dict(one))


def _button(one: Mapping[str, Any]) -> Any:
    given = {name: one[name] for name in ("url", "value", "style", "accessibility_label") if name in one}
    return sb.Button(text=_text(one["text"]), action_id=one["action_id"], **given)


def _element(one: Mapping[str, Any]) -> Any:
    kind, common = one["type"], {"action_id": one.get("action_id")}
    if kind == "button":
        return _button(one)
    if kind == "static_select":
        return sb.StaticSelectMenu(
            placeholder=_text(one["placeholder"]), options=[_option(each) for each in one["options"]], **common
        )
    if kind == "multi_static_select":
        return sb.StaticMultiSelectMenu(
            placeholder=_text(one["placeholder"]), options=[_option(each) for each in one["options"]], **common
        )
    if kind == "checkboxes":
        return sb.CheckboxGroup(options=[_option(each) for each in one["options"]], **common)
    if kind == "email_text_input":
        return sb.EmailInput(**common)
    if kind == "plain_text_input":
        return sb.PlainTextInput(max_length=one["max_length"], **common)
    if kind == "feedback_buttons":
        up, down = (
            sb.FeedbackButton(text=_text(one[name]["text"]), value=one[name]["value"])
            for name in ("positive_button", "negative_button")
        )
        return sb.FeedbackButtons(positive_button=up, negative_button=down, **common)
    raise AssertionError(f"{kind} is not known here")


def _rich(one: Mapping[str, Any]) -> Any:
    kind = one["type"]
    if kind == "text":
        return sb.RichText(one["text"], bold=one.get("style", {}).get("bold"))
    if kind == "link":
        return sb.RichTextLink(one["url"], bold=one.get("style", {}).get("bold"))
    elements = [_rich(each) for each in one["elements"]]
    if kind == "rich_text_section":
        return sb.RichTextSection(elements)
    if kind == "rich_text_preformatted":
        return sb.RichTextCodeBlock(elements)
    return sb.RichTextList(style=one["style"], elements=elements)


def _section(one: Mapping[str, Any]) -> Any:
    assert {*one} <= {"type", "text", "fields", "accessory", "expand"}
    return sb.SectionBlock(
        text=_text(one["text"]) if "text" in one else None,
        fields=[_text(each) for each in one["fields"]] if "fields" in one else None,
        accessory=_element(one["accessory"]) if "accessory" in one else None,
    )


def _chart(one: Mapping[str, Any]) -> Any:
    chart = one["chart"]
    series = [
        sb.DataSeries(each["name"], [sb.DataPoint(point["label"], point["value"]) for point in each["data"]])
        for each in chart["series"]
    ]
    assert len(series) <= 6  # as Slack documents it
    return sb.DataVisualizationBlock(one["title"], sb.BarChart(series, sb.AxisConfig(**chart["axis_config"])))


def _table(one: Mapping[str, Any]) -> Any:
    rows = [[sb.RawText(cell["text"]) for cell in row] for row in one["rows"]]
    assert len(rows) <= 101  # as Slack documents it
    return sb.DataTableBlock(rows, one["caption"], one["page_size"], one["row_header_column_index"])


_BLOCKS: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "header": lambda one: sb.HeaderBlock(_text(one["text"])),
    "divider": lambda one: sb.DividerBlock(),
    "section": _section,
    "context": lambda one: sb.ContextBlock([_text(each) for each in one["elements"]]),
    "image": lambda one: sb.ImageBlock(one["image_url"], alt_text=one["alt_text"]),
    "rich_text": lambda one: sb.RichTextBlock([_rich(each) for each in one["elements"]]),
    "actions": lambda one: sb.ActionsBlock([_element(each) for each in one["elements"]]),
    "context_actions": lambda one: sb.ContextActionsBlock([_element(each) for each in one["elements"]]),
    "input": lambda one: sb.InputBlock(
        label=_text(one["label"]), element=_element(one["element"]), optional=one["optional"], block_id=one["block_id"]
    ),
    "container": lambda one: sb.ContainerBlock(
        [rebuilt(each) for each in one["child_blocks"]],
        title=_text(one["title"]),
        is_collapsible=one["is_collapsible"],
        default_collapsed=one["default_collapsed"],
    ),
    "data_table": _table,
    "data_visualization": _chart,
}
