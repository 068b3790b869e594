#!/usr/bin/env python3
"""Writes the design pages of this folder anew: python3 docs/look/make.py

Each page is plain HTML, as the templates shall give it, in Persian and in English, with invented
people. The sheet and the scripts are those of assets/; only the icons differ (here they stand in
the page itself, so that it opens from the disk; in the product they are in one sprite).
"""
import html
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(HERE))
ICONS = dict(line.split()[:2] for line in (ROOT / "assets/icons.txt").read_text().splitlines() if line.strip())
TURNS = {"arrow", "back", "next", "previous", "sign-in", "sign-out", "undo"}
DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")


def symbol(name):
    text = (ROOT / "node_modules/lucide-static/icons" / (ICONS[name] + ".svg")).read_text()
    inner = re.search(r"<svg[^>]*>(.*)</svg>", text, re.S).group(1)
    return f'<symbol id="i-{name}" viewBox="0 0 24 24">' + re.sub(r"\s*\n\s*", "", inner) + "</symbol>"


def sprite(page):
    used = sorted(set(re.findall(r'href="#i-([a-z-]+)"', page)))
    return '<svg hidden="hidden" width="0" height="0" aria-hidden="true">' + "".join(map(symbol, used)) + "</svg>"


class Page:
    """What a page needs to speak one language."""

    def __init__(self, lang):
        self.lang, self.dir = lang, "rtl" if lang == "fa" else "ltr"

    def t(self, fa, en):
        return fa if self.lang == "fa" else en

    def n(self, number):
        """A number as the reader writes it."""
        text = f"{number:,}" if isinstance(number, int) else str(number)
        return text.replace(",", "٬").translate(DIGITS) if self.lang == "fa" else text

    def icon(self, name, more=""):
        classes = " ".join(filter(None, ["icon", "turns" if name in TURNS else "", more]))
        return f'<svg class="{classes}" aria-hidden="true"><use href="#i-{name}"/></svg>'

    def b(self, text):
        return f"<bdi>{html.escape(text, quote=False)}</bdi>"

    def ltr(self, text):
        return f'<bdi dir="ltr">{html.escape(text, quote=False)}</bdi>'

    def face(self, name, hue, more=""):
        letters = [w[0] for w in re.split(r"[\s\-]+", name) if w and w[0].isalpha()][:2]
        joiner = "\u200c" if letters and letters[0] > "\u0600" else ""
        classes = " ".join(filter(None, ["face", more, f"hue-{hue}"]))
        return f'<span class="{classes}" aria-hidden="true">{joiner.join(letters)}</span>'

    def mark(self, kind):
        fa_en = {
            "vip": ("ویژه", "VIP", "vip"),
            "problem": ("پیش‌پرداخت", "Problem", "problem"),
            "employee": ("کارمند", "Employee", "employee"),
            "ordinary": ("عادی", "Ordinary", ""),
            "hue-3": ("شریک", "Partner", ""),
            "hue-4": ("عمده‌فروش", "Wholesale", ""),
        }[kind]
        icon = self.icon(fa_en[2]) if fa_en[2] else ""
        return f'<span class="mark {kind}">{icon}{self.t(*fa_en[:2])}</span>'

    # ---- the shell -------------------------------------------------------------------------
    def head(self, title):
        sheets = "\n".join(
            f'<link rel="stylesheet" href="../../{p.relative_to(ROOT)}">' for p in sorted((ROOT / "assets/css").rglob("*.css"), key=lambda p: p.name)
        )
        scripts = "\n".join(
            f'<script src="../../{p.relative_to(ROOT)}" defer></script>' for p in sorted((ROOT / "assets/js").rglob("*.js"), key=lambda p: p.name)
        )
        return f"""<!doctype html>
<html lang="{self.lang}" dir="{self.dir}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title} · {self.t("دفتر", "Daftar")}</title>
<link rel="icon" href="../../assets/favicon.svg">
{sheets}
<link rel="stylesheet" href="fonts.css">
{scripts}
</head>
"""

    def finish(self, title, body):
        page = self.head(title) + body + "</html>\n"
        return page.replace("<body>\n", "<body>\n<!-- only here: in the product this is /assets/icons.HASH.svg -->\n" + sprite(page) + "\n", 1)

    def shell(self, title, where, main, query="", found="", toast="", narrow="", dialogs=""):
        t, icon = self.t, self.icon
        cur = lambda key: ' aria-current="page"' if key == where else ""
        lang = self.lang
        expanded = "true" if found else "false"
        shown = " shown" if found else ""
        return self.finish(title, f"""<body>
<a class="skip" href="#main">{t("رفتن به متن", "Skip to content")}</a>
<div class="app">
<header class="top">
  <form class="find" role="search" action="/search" method="get">
    <div class="box">
      {icon("find")}
      <label class="hidden-text" for="find">{t("جستجوی مشتری", "Search clients")}</label>
      <input id="find" name="q" type="search" dir="auto" value="{query}" placeholder="{t("نام، تلفن، سازمان…", "Name, phone, organisation…")}"
        autocomplete="off" spellcheck="false" role="combobox" aria-expanded="{expanded}" aria-controls="found" aria-autocomplete="list" aria-keyshortcuts="/"
        hx-get="/search?fragment=1" hx-trigger="input changed delay:120ms" hx-target="#found" hx-sync="this:replace">
      {icon("spinner", "spin")}
      <kbd>/</kbd>
    </div>
    <div class="found{shown}" id="found">{found}</div>
  </form>
  <div class="push">
    <a class="button main" href="form.{lang}.html" aria-keyshortcuts="n">{icon("add")}<span class="wide-text">{t("مشتری تازه", "New client")}</span></a>
    <details class="pop person">
      <summary><span class="hidden-text">{t("منوی من", "My menu")}</span>{self.face(t("سارا کریمی", "Sara Karimi"), 4)}</summary>
      <div class="panel end">
        <div class="head"><b>{self.b(t("سارا کریمی", "Sara Karimi"))}</b><br><small class="quiet">{self.ltr("sara@chirine.example")}</small></div>
        <div class="choices">
          <a href="settings-me.{lang}.html">{icon("settings")}{t("تنظیمات من", "My settings")}</a>
          <a href="bin.{lang}.html">{icon("bin")}{t("سطل", "Bin")}</a>
          <button type="button" class="needs-js" data-open="keys-help" aria-keyshortcuts="?">{icon("keyboard")}{t("میان‌برهای صفحه‌کلید", "Keyboard shortcuts")}<kbd>?</kbd></button>
          <hr>
          <form method="post" action="/sign-out"><input type="hidden" name="csrf" value="…"><button type="submit">{icon("sign-out")}{t("خروج", "Sign out")}</button></form>
        </div>
      </div>
    </details>
  </div>
</header>
<nav class="side" aria-label="{t("بخش‌ها", "Sections")}">
  <a class="brand" href="list.{lang}.html"><img src="../../assets/favicon.svg" alt="" width="26" height="26"><span>{t("دفتر", "Daftar")}<small>{self.b(t("آتلیه شیرین", "Studio Chirine"))}</small></span></a>
  <div class="menu">
    <a href="list.{lang}.html"{cur("clients")}>{icon("people")}<span>{t("مشتریان", "Clients")}</span><span class="n">{self.n(1248)}</span></a>
    <a href="history.{lang}.html"{cur("history")}>{icon("history")}<span>{t("تاریخچه", "History")}</span></a>
    <a href="import-1.{lang}.html"{cur("import")}>{icon("import")}<span>{t("ورود داده", "Import")}</span></a>
    <a class="desk-only" href="bin.{lang}.html"{cur("bin")}>{icon("bin")}<span>{t("سطل", "Bin")}</span><span class="n">{self.n(12)}</span></a>
  </div>
  <div class="menu end">
    <a href="settings-firm.{lang}.html"{cur("settings")}>{icon("settings")}<span>{t("تنظیمات", "Settings")}</span></a>
  </div>
</nav>
<main id="main" tabindex="-1"{' class="narrow"' if narrow else ""}>
{main.strip()}
</main>
</div>
<div class="toasts" id="toasts" role="status">{toast}</div>
{self.dialogs()}{dialogs}
</body>
""")

    def dialogs(self):
        t = self.t
        rows = [
            ("/", t("جستجو", "Search")), ("n", t("مشتری تازه", "New client")), ("j k", t("سطر بعد، سطر پیش", "Next, previous row")),
            ("Enter", t("بازکردن", "Open")), ("e", t("ویرایش", "Edit")), ("Ctrl Enter", t("ذخیره", "Save")),
            ("Esc", t("بستن", "Close")), ("?", t("همین راهنما", "This help")),
        ]
        keys = "\n      ".join(
            f'<div><dt>{label}</dt><dd>{" ".join(f"<kbd>{k}</kbd>" for k in key.split())}</dd></div>' for key, label in rows
        )
        return f"""<dialog class="dialog" id="confirm" aria-labelledby="confirm-question">
  <form method="dialog">
    <h2 id="confirm-question" data-question></h2>
    <div class="foot">
      <button class="button" value="no">{t("انصراف", "Cancel")}</button>
      <button class="button main" value="yes" data-yes="{t("بله", "Yes")}">{t("بله", "Yes")}</button>
    </div>
  </form>
</dialog>
<dialog class="dialog" id="keys-help" aria-labelledby="keys-title">
  <div class="in">
    <div class="head"><h2 id="keys-title">{t("میان‌برهای صفحه‌کلید", "Keyboard shortcuts")}</h2><button type="button" class="button bare only small" data-close>{self.icon("close")}<span class="hidden-text">{t("بستن", "Close")}</span></button></div>
    <dl class="keys-list">
      {keys}
    </dl>
  </div>
</dialog>"""


def main():
    import components
    import pages
    faces = re.findall(r"@font-face \{.*?\n\}", (ROOT / "assets/css/30-base.css").read_text(), re.S)
    font = "../../node_modules/@fontsource-variable/vazirmatn/files/vazirmatn-{}-wght-normal.woff2"
    (HERE / "fonts.css").write_text("/* Written by make.py: the faces of assets/css/30-base.css, from node_modules. */\n" + re.sub(
        r"font:([a-z-]+)", lambda m: font.format(m.group(1)), "\n".join(faces)) + "\n")
    for lang in ("fa", "en"):
        p = Page(lang)
        for name, text in {**pages.all_pages(p), **components.all_pages(p)}.items():
            (HERE / f"{name}.{lang}.html").write_text(text)
    names = sorted({f.name.split(".")[0] for f in HERE.glob("*.??.html")})
    items = "\n".join(f'<li>{n}: <a href="{n}.fa.html">fa</a> <a href="{n}.en.html">en</a></li>' for n in names)
    (HERE / "index.html").write_text(f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Daftar: design pages</title></head>
<body><h1>Design pages</h1><ul>
{items}
</ul></body></html>
""")


if __name__ == "__main__":
    main()
