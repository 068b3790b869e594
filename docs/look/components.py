"""One page with every piece, as a sample to copy from and as the visual test of the sheet."""
import pages


def all_pages(p):
    t, n, icon, b, ltr = p.t, p.n, p.icon, p.b, p.ltr

    def block(id_, title, body):
        return f'<section class="card" aria-labelledby="{id_}">\n<header><h2 id="{id_}">{title}</h2></header>\n{body.strip()}\n</section>\n'

    buttons = f"""
<div class="row"><a class="button main" href="#buttons">{icon("add")}{t("اصلی", "Main")}</a><button type="button" class="button">{icon("edit")}{t("ساده", "Plain")}</button><button type="button" class="button bare">{t("لخت", "Bare")}</button><button type="button" class="button danger">{icon("bin")}{t("خطرناک", "Danger")}</button><button type="button" class="button danger main">{t("خطرناک اصلی", "Danger, main")}</button><button type="button" class="button" disabled>{t("ناتوان", "Disabled")}</button><button type="button" class="button only">{icon("dots")}<span class="hidden-text">{t("بیشتر", "More")}</span></button><button type="button" class="button" aria-busy="true">{icon("spinner", "spin")}{t("در کار", "Working")}</button></div>
<div class="row"><button type="button" class="button small">{icon("undo")}{t("کوچک", "Small")}</button><button type="button" class="button small only">{icon("copy")}<span class="hidden-text">{t("کپی", "Copy")}</span></button><span class="joined" role="group" aria-label="{t("نما", "View")}"><button type="button" class="button" aria-pressed="true">{t("فهرست", "List")}</button><button type="button" class="button" aria-pressed="false">{t("کارت", "Cards")}</button></span><a href="#buttons">{t("پیوند", "Link")}</a><kbd>Ctrl</kbd><kbd>K</kbd></div>
"""
    marks = f"""
<div class="row tight">{"".join(p.mark(k) for k in ("ordinary", "vip", "problem", "employee"))}{"".join(f'<span class="mark hue-{i}">hue-{i}</span>' for i in range(8))}<span class="mark lapis">lapis</span><span class="mark line">{icon("lock")}{t("خط", "line")}</span></div>
<div class="row tight">{"".join(f'<span class="tag hue-{i}">{b(x)}</span>' for i, x in enumerate(["نوروز", "brochure", "à rappeler", "وب‌سایت", "مهم", "B2B", "پروژه", "archive"]))}<span class="tag">{t("بی‌رنگ", "no hue")}</span></div>
<div class="row tight">{"".join(p.face(x, i) for i, x in enumerate(["مریم احمدی", "Jean de La Tour", "سمير حداد", "Ève Martin", "علی رضایی", "Ali", "نرگس", "Z Y"]))}{p.face("شرکت پارس", 6, "firm")}{p.face("Noor", 2, "small")}{p.face("مریم احمدی", 1, "big")}</div>
"""
    banners = "".join(f'<div class="note {k}">{icon(i)}<p>{x}</p></div>' for k, i, x in [("", "alert", t("زعفرانی: مراقبت.", "Saffron: care.")), ("bad", "error", t("اناری: چیزی درست نیست.", "Pomegranate: something is wrong.")), ("good", "check-all", t("فیروزه‌ای: انجام شد.", "Turquoise: done.")), ("info", "info", t("لاجوردی: دانستنی.", "Lapis: good to know."))])
    toasts = f"""
<div class="toast bad">{icon("error")}<span>{t("فرستاده نشد؛ شبکه قطع است.", "Not sent; the network is down.")}</span><button type="button" class="button small only" data-dismiss>{icon("close")}<span class="hidden-text">{t("بستن", "Dismiss")}</span></button></div>
"""
    fields = f"""
<div class="fields">
  <div class="field"><label for="k-text">{t("نوشته", "Text")}<span class="must" aria-hidden="true">*</span></label><input id="k-text" dir="auto" required placeholder="{t("جای خالی هم سر جایش", "The placeholder stands at its edge")}"></div>
  <div class="field"><label for="k-mail">{t("ایمیل", "E-mail")}</label><input id="k-mail" type="email" dir="ltr" value="maryam@noor.example"></div>
  <div class="field"><label for="k-bad">{t("تلفن", "Phone")}</label><input id="k-bad" type="tel" dir="ltr" value="0912 34" aria-invalid="true" aria-describedby="k-bad-p"><p class="problem-text" id="k-bad-p">{icon("error")}<span>{t("۶ رقم کم است.", "6 digits are too few.")}</span></p></div>
  <div class="field"><label for="k-date">{t("تاریخ", "Date")} <span class="optional">{t("اختیاری", "optional")}</span></label><input id="k-date" value="{t("۱۵ مهر ۶۲", "7 oct 1983")}" data-echo="/echo/date" aria-describedby="k-date-echo"><output class="echo" id="k-date-echo" for="k-date">{t("پنج‌شنبه ۱۵ مهر ۱۳۶۲ · ۷ اکتبر ۱۹۸۳", "Friday 7 October 1983 · 15 Mehr 1362")}</output></div>
  <div class="field"><label for="k-select">{t("گزینش", "Select")}</label><select id="k-select">{pages.options(t(["یک", "دو"], ["One", "Two"]))}</select></div>
  <div class="field"><label for="k-off">{t("ناتوان", "Disabled")}</label><input id="k-off" disabled value="{t("تغییر نمی‌کند", "cannot change")}"></div>
  <div class="field all"><label for="k-area">{t("چند خط", "Text area")}</label><textarea id="k-area" dir="auto">{t("با نوشتن بلند می‌شود.", "Grows with what you write.")}</textarea><p class="hint">{t("راهنمای زیر فیلد", "A hint below the field")}</p></div>
  <div class="field"><label for="k-copy">{t("پیوند یک‌بارمصرف", "One-time link")}</label><div class="affix"><input class="input" id="k-copy" dir="ltr" readonly value="https://daftar.example/join/9f2c41"><button type="button" class="button needs-js" data-copy="https://daftar.example/join/9f2c41" data-done="{t("کپی شد", "Copied")}">{icon("copy")}<span class="hidden-text">{t("کپی", "Copy")}</span></button></div></div>
</div>
<div class="row"><label class="check"><input type="checkbox" checked><span>{t("خانهٔ تیک", "Checkbox")}</span></label><label class="check"><input type="radio" name="k-r" checked><span>{t("یکی", "Radio")}</span></label><label class="check"><input class="toggle" type="checkbox" role="switch" checked><span>{t("روشن", "On")}</span></label><label class="check"><input class="toggle" type="checkbox" role="switch"><span>{t("خاموش", "Off")}</span></label></div>
<div class="choice-set"><label class="choice"><input type="radio" name="k-c" checked>{icon("person")}<span><b>{t("شخص", "Person")}</b><small>{t("یک انسان", "One human being")}</small></span></label><label class="choice"><input type="radio" name="k-c">{icon("firm")}<span><b>{t("سازمان", "Organisation")}</b><small>{t("شرکت، انجمن، اداره", "A firm, an association, an office")}</small></span></label></div>
<label class="drop">{icon("upload", "big")}<b>{t("پرونده را رها کنید", "Drop a file")}</b><span class="chosen"></span><input type="file"></label>
"""
    dialog = f"""
<div class="row"><button type="button" class="button" data-open="sample-dialog">{t("گفتگو", "Dialog")}</button><form method="get" action="#confirm" data-confirm="{t("این مشتری به سطل برود؟", "Move this client to the bin?")}" data-confirm-yes="{t("به سطل برود", "Move to bin")}" data-confirm-kind="danger"><button class="button danger">{t("پرسش پیش از کار", "Ask first")}</button></form>
<details class="pop"><summary class="button">{t("فهرست کارها", "Menu")}{icon("down", "caret")}</summary><div class="panel"><div class="choices"><a href="#buttons">{icon("edit")}{t("ویرایش", "Edit")}<kbd>e</kbd></a><a href="#buttons">{icon("print")}{t("چاپ", "Print")}</a><hr><button type="button" class="danger">{icon("bin")}{t("حذف", "Delete")}</button></div></div></details></div>
"""
    empties = f"""
<div class="columns"><div class="empty small"><span class="pic">{icon("note")}</span><p>{t("هنوز یادداشتی نیست. نخستین گفتگو را بنویسید.", "No notes yet. Write down your first talk.")}</p><button type="button" class="button small">{t("افزودن یادداشت", "Add note")}</button></div>
<div class="empty small"><span class="pic good">{icon("check-all")}</span><p>{t("همه چیز درست است.", "All is well.")}</p></div>
</div>
"""
    nested = """
<section lang="fr" dir="ltr" class="stack tight"><h3>Facture FA-2026-031</h3><div class="sheet"><table><thead><tr><th scope="col">Désignation</th><th scope="col" class="num">Prix</th></tr></thead><tbody><tr><td>Brochure, 16 pages</td><td class="num">1 250,00 €</td></tr></tbody></table></div></section>
""" if p.lang == "fa" else """
<section lang="fa" dir="rtl" class="stack tight"><h3>صورتحساب INV-1405/031</h3><div class="sheet"><table><thead><tr><th scope="col">شرح</th><th scope="col" class="num">مبلغ</th></tr></thead><tbody><tr><td>بروشور ۱۶ صفحه‌ای</td><td class="num">۸۴٬۰۰۰٬۰۰۰ ریال</td></tr></tbody></table></div></section>
"""
    body = "\n".join([
        f'<div class="page-head"><h1>{t("قطعه‌ها", "Pieces")}</h1><p class="lead">{t("هر قطعهٔ صفحه‌ها، برای رونویسی.", "Every piece that pages are made of, to copy from.")}</p></div>',
        block("buttons", t("دکمه‌ها و پیوندها", "Buttons and links"), buttons),
        block("marks", t("نشان‌ها، برچسب‌ها، چهره‌ها", "Marks, tags, faces"), marks),
        block("banners", t("یادآوری‌ها", "Banners"), banners),
        block("toasts-title", t("پیام گذرا", "Toast"), toasts),
        block("fields", t("فیلدها", "Fields"), fields),
        block("dialogs", t("گفتگو و فهرست کارها", "Dialogs and menus"), dialog),
        block("steps-title", t("گام‌ها و پیشرفت", "Steps and progress"), pages.steps(p, 3) + pages.tally(p, "changed") + '<progress max="100" value="62" aria-label="62%"></progress>'),
        block("empties", t("خالی و در راه", "Empty and loading"), empties),
        block("nested", t("بخشی در جهت دیگر", "A part in the other direction"), nested),
    ])
    # Pieces that the pages show at work, cut out of them.
    listed, one, told = pages.client_list(p), pages.client(p), pages.history(p)

    def cut(page, start, end):
        at = page.index(start)
        return page[at:page.index(end, at) + len(end)]

    body += "\n".join([
        block("finding", t("یافته‌های جستجو", "Search results"), f'<div class="sample-found">{pages.found(p)}</div>'.replace('class="sample-found"', 'class="found shown as-sample"')),
        block("lists", t("فهرست: زبانه‌ها، شرط‌ها، پرش، جدول، صفحه‌ها", "A list: tabs, filters, jump, table, pager"),
              cut(listed, '<nav class="tabs"', "</nav>") + cut(listed, '<div class="filters">', "</details>") + "</div>" + cut(listed, '<nav class="letters"', "</nav>")
              + cut(listed, '<div class="sheet rows">', "</table>\n</div>") + cut(listed, '<nav class="pager"', "</nav>")),
        block("ways", t("شناسنامه و راه‌های تماس", "Facts and ways to reach someone"), cut(one, '<nav class="crumbs"', "</nav>") + cut(one, '<ul class="reach">', "</ul>") + cut(one, '<ul class="ways">', "</ul>") + cut(one, '<dl class="facts">', "</dl>") + cut(one, '<ul class="people">', "</ul>")),
        block("told", t("رویدادها", "Time line"), cut(told, '<ol class="line">', "</ol>")),
        block("rows", t("فیلدهای چندمقداری", "Rows of a many-valued field"), cut(pages.form(p), '<fieldset class="field"><legend>' + t("تلفن‌ها", "Phones"), "</fieldset>")),
        block("mapping", t("ستون‌های پرونده", "Mapping table"), cut(pages.import_2(p), '<div class="sheet as-cards map-table">', "</table>\n</div>")),
        block("preview", t("پیش‌نمایش", "Preview table"), cut(pages.import_3(p), '<div class="sheet scrolls preview"', "</table>\n</div>")),
        block("work", t("کار در پیش", "A job at work"), cut(pages.progress(p), "<progress", "</progress>")),
    ])
    sample = f"""
<dialog class="dialog" id="sample-dialog" aria-labelledby="sample-title"><form method="dialog">
  <div class="head"><h2 id="sample-title">{t("افزودن پیوند", "Add a tie")}</h2><button class="button bare only small" value="close">{icon("close")}<span class="hidden-text">{t("بستن", "Close")}</span></button></div>
  <div class="field"><label for="tie-role">{t("نقش", "Role")}</label><input id="tie-role" dir="auto"></div>
  <div class="foot"><button class="button" value="no">{t("انصراف", "Cancel")}</button><button class="button main" value="yes">{t("ذخیره", "Save")}</button></div>
</form></dialog>"""
    return {"components": p.shell(t("قطعه‌ها", "Pieces"), "", body, dialogs=sample)}
