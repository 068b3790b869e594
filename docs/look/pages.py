"""The pages of the product with invented content; make.py calls all_pages() once for each language."""


def people(p):
    """The clients of the list: name, line below, hue, mark, phone, town, last contact, responsible, firm?"""
    t, n = p.t, p.n
    return [
        (t("مریم احمدی", "Maryam Ahmadi"), t("مدیر، آتلیه نور", "Director, Noor Studio"), 1, "vip", "0912 345 6789", t("تهران", "Tehran"), t("دیروز", "yesterday"), t("سارا", "Sara"), ""),
        ("Société (Paris) شرکت پارس!", t(f"سازمان · {n(4)} مخاطب", "Organisation · 4 contacts"), 6, "problem", "+33 1 42 68 53 00", "Paris", t(f"{n(2)} هفته پیش", "2 weeks ago"), t("علی", "Ali"), "firm"),
        ("Jean-Baptiste de La Tour", "SARL La Tour", 4, "ordinary", "+33 6 12 34 56 78", "Lyon", t(f"{n(3)} آذر", "24 Nov"), t("سارا", "Sara"), ""),
        ("سمير حداد", "مؤسسة النور للتجارة", 2, "employee", "+961 71 123 456", "بيروت", t("امروز", "today"), t("سارا", "Sara"), ""),
        ("Ève Martin", "Studio Chirine", 5, "ordinary", "06 12 34 56 79", "Marseille", t(f"{n(12)} مهر", "4 Oct"), t("علی", "Ali"), ""),
        (t("شرکت چاپ و نشر کاروان", "Caravan Printing & Publishing"), t(f"سازمان · {n(2)} مخاطب", "Organisation · 2 contacts"), 0, "hue-4", "021 8877 6655", t("اصفهان", "Isfahan"), t(f"{n(28)} آبان", "19 Nov"), t("نرگس", "Narges"), "firm"),
        ("محمدرضا موسوی‌زاده طباطبایی", t("مشاور حقوقی", "Legal adviser"), 3, "hue-3", "0935 111 2233", "شیراز", t("هرگز", "never"), t("سارا", "Sara"), ""),
        ("Amélie Désaugiers-Vandenbroucke", t("عکاس آزاد", "Freelance photographer"), 7, "ordinary", "+32 470 12 34 56", "Bruxelles", t(f"{n(1)} آذر", "22 Nov"), t("علی", "Ali"), ""),
    ]


def client_list(p):
    t, n, icon, b = p.t, p.n, p.icon, p.b
    rows = []
    for name, line, hue, mark, phone, town, last, who, firm in people(p):
        rows.append(f"""      <tr>
        <th scope="row"><div class="who">{p.face(name, hue, firm)}<div><a href="client.{p.lang}.html" data-edit="form.{p.lang}.html"><b>{b(name)}</b></a><small>{b(line)}</small></div></div></th>
        <td class="first">{p.mark(mark)}</td>
        <td class="under"><a href="tel:{phone.replace(" ", "")}">{p.ltr(phone)}</a></td>
        <td class="later">{b(town)}</td>
        <td class="later">{b(who)}</td>
        <td class="last quiet"><time datetime="2026-11-24T16:05:00Z" title="2026-11-24 16:05">{last}</time></td>
      </tr>""")
    head = f"""      <tr>
        <th scope="col" aria-sort="ascending"><a href="?sort=-name">{t("نام", "Name")}{icon("sort-up")}</a></th>
        <th scope="col"><a href="?sort=category">{t("دسته‌بندی", "Category")}{icon("sort-up")}</a></th>
        <th scope="col">{t("تلفن", "Phone")}</th>
        <th scope="col"><a href="?sort=town">{t("شهر", "Town")}{icon("sort-up")}</a></th>
        <th scope="col"><a href="?sort=responsible">{t("مسئول", "Responsible")}{icon("sort-up")}</a></th>
        <th scope="col"><a href="?sort=last">{t("آخرین گفتگو", "Last contact")}{icon("sort-up")}</a></th>
      </tr>"""
    letters = "ا ب پ ت ث ج چ ح خ د ذ ر ز ژ س ش ص ض ط ظ ع غ ف ق ک گ ل م ن و ه ی".split() if p.lang == "fa" else "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z".split()
    gone = {"ث", "ذ", "ظ", "ژ", "X", "Q"}
    jump = "".join(f"<span>{c}</span>" if c in gone else f'<a href="?from={c}"{" aria-current=true" if c in "مM" else ""}>{c}</a>' for c in letters).replace("aria-current=true", 'aria-current="true"')
    main = f"""
<div class="page-head">
  <h1>{t("مشتریان", "Clients")}<span class="count">{n(38)}</span></h1>
  <div class="push">
    <a class="button" href="import-1.{p.lang}.html">{icon("import")}{t("ورود داده", "Import")}</a>
    <details class="pop">
      <summary class="button">{icon("export")}{t("خروجی", "Export")}{icon("down", "caret")}</summary>
      <div class="panel end"><div class="choices">
        <a href="/clients/export?format=csv">{icon("file")}{t("CSV برای اکسل", "CSV for Excel")}</a>
        <a href="/clients/export?format=json">{icon("file")}JSON</a>
        <button type="button" class="needs-js" data-print>{icon("print")}{t("چاپ", "Print")}</button>
      </div></div>
    </details>
  </div>
</div>
<nav class="tabs" aria-label="{t("نماها", "Views")}">
  <a href="?" aria-current="true">{t("همه", "All")}<span class="n">{n(1248)}</span></a>
  <a href="?view=mine">{t("مشتریان من", "Mine")}<span class="n">{n(212)}</span></a>
  <a href="?kind=person">{t("اشخاص", "People")}<span class="n">{n(1031)}</span></a>
  <a href="?kind=organisation">{t("سازمان‌ها", "Organisations")}<span class="n">{n(217)}</span></a>
</nav>
<div class="filters">
  <a class="chip on" href="?category=vip"><span>{t("شهر:", "Town:")} <b>{b(t("تهران", "Tehran"))}</b></span>{icon("close")}<span class="hidden-text">{t("برداشتن این شرط", "Remove this filter")}</span></a>
  <a class="chip on" href="?town=tehran"><span>{t("دسته‌بندی:", "Category:")} <b>{b(t("ویژه", "VIP"))}</b></span>{icon("close")}<span class="hidden-text">{t("برداشتن این شرط", "Remove this filter")}</span></a>
  <details class="pop">
    <summary class="chip add">{icon("filter")}{t("افزودن شرط", "Add filter")}</summary>
    <form class="panel form" method="get" action="/clients">
      <input type="hidden" name="town" value="Tehran"><input type="hidden" name="category" value="vip">
      <div class="field"><label for="filter-field">{t("فیلد", "Field")}</label>
        <select id="filter-field" name="field"><option value="stage">{t("مرحله", "Stage")}</option><option value="tags">{t("برچسب", "Tag")}</option><option value="language">{t("زبان", "Language")}</option><option value="responsible">{t("مسئول", "Responsible")}</option></select></div>
      <div class="field"><label for="filter-value">{t("مقدار", "Value")}</label>
        <select id="filter-value" name="value"><option>{t("سرنخ", "Lead")}</option><option>{t("فعال", "Active")}</option><option>{t("خاموش", "Quiet")}</option></select></div>
      <button class="button main" type="submit">{t("اعمال", "Apply")}</button>
    </form>
  </details>
  <a class="small" href="?">{t("پاک‌کردن شرط‌ها", "Clear filters")}</a>
</div>
<nav class="letters" aria-label="{t("پرش به حرف", "Jump to letter")}">{jump}</nav>
<div class="sheet rows">
  <table>
    <caption class="hidden-text">{t("مشتریان، به ترتیب نام", "Clients, ordered by name")}</caption>
    <thead>
{head}
    </thead>
    <tbody>
{chr(10).join(rows)}
    </tbody>
  </table>
</div>
<nav class="pager" aria-label="{t("صفحه‌ها", "Pages")}">
  <span>{t(f"{n(1)} تا {n(8)} از {n(38)} مشتری", "1–8 of 38 clients")}</span>
  <span class="push">
    <span class="button small" aria-disabled="true">{icon("previous")}{t("پیشین", "Previous")}</span>
    <a class="button small" href="?after=1042" rel="next">{t("بعدی", "Next")}{icon("next")}</a>
  </span>
</nav>
"""
    toast = f"""<div class="toast">{icon("check-all")}<span>{b("Société (Paris) شرکت پارس!")} {t("به سطل رفت.", "was moved to the bin.")}</span><form method="post" action="/history/991/undo"><input type="hidden" name="csrf" value="…"><button class="button small undo">{icon("undo")}{t("برگردان", "Undo")}</button></form><button type="button" class="button small only needs-js" data-dismiss>{icon("close")}<span class="hidden-text">{t("بستن", "Dismiss")}</span></button></div>"""
    return p.shell(t("مشتریان", "Clients"), "clients", main, toast=toast)


def found(p):
    """What /search?fragment=1 answers."""
    t, n, icon = p.t, p.n, p.icon
    a, b_, c = people(p)[0], people(p)[5], people(p)[4]
    hit = lambda i, who, name, line, sel="false": f"""<a class="hit" role="option" id="hit-{i}" aria-selected="{sel}" href="client.{p.lang}.html">{p.face(who[0], who[2], who[8])}<span class="who"><span><b>{name}</b><small>{line}</small></span></span>{p.mark(who[3])}</a>"""
    return f"""
<div role="listbox" aria-label="{t("یافته‌ها", "Results")}">
{hit(1, a, f"<bdi>{a[0]}</bdi>", f'<bdi dir="ltr">0912 <mark>345</mark> 6789</bdi> · <bdi>{a[1]}</bdi>', "true")}
{hit(2, b_, f"<bdi>{b_[0]}</bdi>", f'<bdi dir="ltr">021 88<mark>34</mark> <mark>5</mark>655</bdi>')}
{hit(3, c, f"<bdi>{c[0]}</bdi>", f'<bdi dir="ltr">06 12 <mark>34 5</mark>6 79</bdi>')}
</div>
<a class="all" href="/search?q=345"><span>{t(f"همهٔ {n(7)} یافته", "All 7 results")}</span><kbd>Enter</kbd></a>
"""


def list_search(p):
    """The list with the header's search open, on top of it."""
    page = client_list(p)
    page = page.replace('<div class="found" id="found"></div>', f'<div class="found shown" id="found">{found(p)}</div>')
    page = page.replace('aria-expanded="false" aria-controls="found"', 'aria-expanded="true" aria-controls="found" aria-activedescendant="hit-1"')
    return page.replace('type="search" dir="auto" value=""', f'type="search" dir="auto" value="{p.n(345)}"')


def client(p):
    t, n, icon, b, ltr = p.t, p.n, p.icon, p.b, p.ltr
    name = t("مریم احمدی", "Maryam Ahmadi")
    copy = lambda text: f'<button type="button" class="button bare only small needs-js" data-copy="{text}" data-done="{t("کپی شد", "Copied")}">{icon("copy")}<span class="hidden-text">{t("کپی", "Copy")}</span></button>'
    fold = lambda title, body, more="": f"""<details class="card"{more} open>
  <summary><h2>{title}</h2>{icon("down", "caret")}</summary>
{body}
</details>"""
    reach = f"""<section class="card" aria-labelledby="reach">
  <header><h2 id="reach">{t("راه‌های تماس", "How to reach her")}</h2></header>
  <ul class="reach">
    <li>{icon("phone")}<span><a href="tel:+989123456789">{ltr("0912 345 6789")}</a><small>{t("همراه · ترجیحی", "Mobile · preferred")}</small></span>{copy("+989123456789")}</li>
    <li>{icon("phone")}<span><a href="tel:+982188776655">{ltr("021 8877 6655")}</a><small>{t("دفتر · داخلی", "Office · ext.")} {n(12)}</small></span>{copy("+982188776655")}</li>
    <li>{icon("mail")}<span><a href="mailto:maryam@noor.example">{ltr("maryam@noor.example")}</a><small>{t("کار", "Work")}</small></span>{copy("maryam@noor.example")}</li>
    <li>{icon("location")}<address>{b(t("تهران، خیابان ولیعصر، کوچهٔ نسترن، پلاک ۱۲، واحد ۳", "Unit 3, No. 12, Nastaran Alley, Valiasr St., Tehran"))}<small>{t("کار · کد پستی", "Work · postcode")} {ltr("19857-14532")}</small></address>{copy("12 Nastaran")}</li>
  </ul>
  <ul class="ways">
    <li class="good">{icon("check", "tiny")}{t("پیام کوتاه، پس از ۱۷", "SMS, after 17:00")}</li>
    <li class="no">{icon("no-entry", "tiny")}{t("زنگ نزنید", "Do not call")}</li>
  </ul>
  <p class="small quiet row tight">{icon("clock", "tiny")}{t(f"آنجا ساعت {n('21:40')} است", "It is 21:40 where she is")}</p>
</section>"""
    facts = fold(t("شناسنامه", "Details"), f"""  <dl class="facts">
    <dt>{t("تاریخ تولد", "Date of birth")}</dt><dd><time datetime="1983-10-07" title="1983-10-07">{t("۱۵ مهر ۱۳۶۲", "7 October 1983")}</time> <small>({t(f"{n(43)} سال", "43")})</small></dd>
    <dt>{t("نام پدر", "Father’s name")}</dt><dd>{b(t("حسین", "Hossein"))}</dd>
    <dt>{t("نام لاتین", "Latin name") if p.lang == "fa" else "Name in Persian"}</dt><dd>{b("Maryam Ahmadi" if p.lang == "fa" else "مریم احمدی")}</dd>
    <dt>{t("زبان", "Language")}</dt><dd>{t("فارسی", "Persian")} <small>{t("از تنظیمات بنگاه", "from the firm")}</small></dd>
    <dt>{t("مرحله", "Stage")}</dt><dd><span class="mark good">{t("فعال", "Active")}</span></dd>
    <dt>{t("منطقه", "Territory")}</dt><dd>{b(t("تهران بزرگ", "Greater Tehran"))}</dd>
    <dt>{t("مسئول", "Responsible")}</dt><dd>{b(t("سارا کریمی", "Sara Karimi"))}</dd>
    <dt>{t("علاقه‌ها", "Interests")}</dt><dd>{b(t("کوهنوردی، خوش‌نویسی", "Hiking, calligraphy"))}</dd>
  </dl>""")
    private = f"""<section class="card" aria-labelledby="private">
  <header><h2 id="private">{t("یادداشت خصوصی", "Private note")}</h2><span class="mark line push">{icon("lock")}{t("فقط همکاران", "Team only")}</span></header>
  <p class="said private">{b(t("رنگ مات دوست دارد. پیش از نوروز زنگ بزنید، بعد از آن سفر است.", "Likes matte colours. Call before Nowruz; she travels after that."))}</p>
</section>"""
    composer = f"""<form class="composer" method="post" action="/clients/1042/notes" data-guard>
    <input type="hidden" name="csrf" value="…">
    <div class="field"><label class="hidden-text" for="note-text">{t("یادداشت تازه", "New note")}</label>
      <textarea id="note-text" name="text" dir="auto" rows="2" placeholder="{t("چه گفته شد؟ چه قراری گذاشتید؟", "What was said? What did you agree?")}"></textarea></div>
    <div class="foot">
      <label class="check small"><input type="checkbox" name="private" value="1"><span>{t("فقط همکاران ببینند", "Team only")}</span></label>
      <button class="button small push" type="submit">{icon("note")}{t("افزودن یادداشت", "Add note")}</button>
    </div>
  </form>"""
    talk = b(t("طرح بروشور را پسندید، فقط لوگو کمی بزرگ‌تر شود.\nپیش‌فاکتور تا چهارشنبه.", "She likes the brochure; the logo a little larger.\nQuote by Wednesday."))
    undo = f'<form class="push" method="post" action="/history/990/undo"><input type="hidden" name="csrf" value="…"><button class="button bare small">{icon("undo")}{t("برگردان", "Undo")}</button></form>'
    line = f"""<h3 class="day">{t("امروز", "Today")}</h3>
  <ol class="line">
    <li><span class="dot lapis">{icon("edit")}</span><div>
      <div class="what"><span>{b(t("سارا کریمی", "Sara Karimi"))} {t(f"{n(2)} فیلد را تغییر داد", "changed 2 fields")}</span>{undo}</div>
      <div class="meta"><time datetime="2026-11-25T10:12:00Z" title="2026-11-25 10:12">{n("10:12")}</time> · {t("از صفحهٔ وب", "in the web page")}</div>
      <dl class="diff">
        <dt>{t("دسته‌بندی", "Category")}</dt><dd><del>{b(t("عادی", "Ordinary"))}</del>{icon("arrow")}<span class="hidden-text">{t("شد", "became")}</span><ins>{b(t("ویژه", "VIP"))}</ins></dd>
        <dt>{t("تلفن همراه", "Mobile")}</dt><dd><span class="none">{t("خالی", "empty")}</span>{icon("arrow")}<span class="hidden-text">{t("شد", "became")}</span><ins>{ltr("0912 345 6789")}</ins></dd>
      </dl></div></li>
    <li><span class="dot">{icon("note")}</span><div>
      <div class="what"><span>{b(t("علی رضایی", "Ali Rezaei"))} {t("یادداشت کرد", "wrote a note")}</span>
        <details class="pop push"><summary class="button bare only small">{icon("dots")}<span class="hidden-text">{t("کارهای این یادداشت", "Note actions")}</span></summary>
          <div class="panel end"><div class="choices"><a href="/notes/88/edit">{icon("edit")}{t("ویرایش", "Edit")}</a><button type="button" class="danger">{icon("bin")}{t("حذف", "Delete")}</button></div></div></details></div>
      <div class="meta"><time datetime="2026-11-25T08:30:00Z">{n("08:30")}</time></div>
      <p class="said">{talk}</p></div></li>
  </ol>
  <h3 class="day">{t(f"{n(3)} آذر", "24 November")}</h3>
  <ol class="line">
    <li><span class="dot">{icon("import")}</span><div>
      <div class="what"><span>{t("با ورود داده ساخته شد:", "Created by import:")} <a href="/import/7">{ltr("clients-1405.csv")}</a></span></div>
      <div class="meta"><time datetime="2026-11-24T16:05:00Z">{n("16:05")}</time> · {b(t("سارا کریمی", "Sara Karimi"))} · {t(f"{n(14)} فیلد", "14 fields")}</div></div></li>
  </ol>"""
    bonds = f"""<section class="card" aria-labelledby="bonds">
  <header><h2 id="bonds">{t("سازمان‌ها و اشخاص", "Organisations & people")}</h2><span class="push"><a class="button bare only small" href="/clients/1042/bonds/new">{icon("add")}<span class="hidden-text">{t("افزودن پیوند", "Add a tie")}</span></a></span></header>
  <ul class="people">
    <li><div class="who">{p.face(t("آتلیه نور", "Noor Studio"), 0, "firm")}<div><a href="#"><b>{b(t("آتلیه نور", "Noor Studio"))}</b></a><small>{t(f"مدیر · از بهار {n('1399')}", "Director · since spring 2020")}</small></div></div></li>
    <li class="past"><div class="who">{p.face(t("شرکت پارس", "Pars Co"), 6, "firm")}<div><a href="#"><b>{b(t("شرکت پارس", "Pars Co."))}</b></a><small>{t(f"طراح · تا {n('1398')}", "Designer · until 2019")}</small></div></div><span class="mark">{t("پیشین", "Past")}</span></li>
    <li><div class="who">{p.face(t("رضا احمدی", "Reza Ahmadi"), 2)}<div><a href="#"><b>{b(t("رضا احمدی", "Reza Ahmadi"))}</b></a><small>{t("همسر", "Spouse")}</small></div></div></li>
  </ul>
</section>"""
    tags = f"""<section class="card" aria-labelledby="tags">
  <header><h2 id="tags">{t("برچسب‌ها", "Tags")}</h2></header>
  <div class="tags"><a class="tag hue-1" href="#">{b(t("چاپ", "Print"))}</a><a class="tag hue-2" href="#">{b(t("نوروز", "Nowruz"))}</a><a class="tag hue-7" href="#">{b("brochure")}</a></div>
</section>"""
    main = f"""
<nav class="crumbs" aria-label="{t("مسیر", "Breadcrumb")}"><ol><li><a href="list.{p.lang}.html">{t("مشتریان", "Clients")}</a></li><li aria-current="page">{b(name)}</li></ol></nav>
<div class="client-head">
  <div class="who">{p.face(name, 1, "big")}
    <div><div class="name"><h1>{b(name)}</h1>{p.mark("vip")}</div>
      <p class="sub-line"><span>{b(t("مدیر، آتلیه نور", "Director, Noor Studio"))}</span><span>{t(f"مشتری از بهار {n('1399')}", "client since spring 2020")}</span></p></div></div>
  <div class="row tight client-acts">
    <a class="button" href="sms:+989123456789">{icon("mail")}{t("پیام", "Message")}</a>
    <a class="button" href="mailto:maryam@noor.example">{icon("mail")}{t("ایمیل", "E-mail")}</a>
    <a class="button" href="form.{p.lang}.html" aria-keyshortcuts="e">{icon("edit")}{t("ویرایش", "Edit")}</a>
    <details class="pop"><summary class="button" title="{t("کارهای دیگر", "More actions")}">{icon("dots")}<span class="hidden-text">{t("کارهای دیگر", "More actions")}</span></summary>
      <div class="panel end"><div class="choices">
        <button type="button" class="needs-js" data-print>{icon("print")}{t("چاپ", "Print")}</button>
        <a href="/clients/1042/export">{icon("export")}{t("خروجی JSON", "Export JSON")}</a>
        <a href="/clients/1042/history">{icon("history")}{t("همهٔ تغییرات", "All changes")}</a>
        <hr>
        <form method="post" action="/clients/1042/bin" data-confirm="{t("مریم احمدی به سطل برود؟ تا ۳۰ روز برمی‌گردد.", "Move Maryam Ahmadi to the bin? You can bring her back.")}" data-confirm-yes="{t("به سطل برود", "Move to bin")}" data-confirm-kind="danger"><input type="hidden" name="csrf" value="…"><button class="danger">{icon("bin")}{t("به سطل", "Move to bin")}</button></form>
      </div></div></details>
  </div>
</div>
<div class="note">{icon("vip")}<p>{t("مشتری ویژه: هر هفته یک تماس. آخرین گفتگو ۱۲ روز پیش بوده است.", "VIP: one contact a week. The last one was 12 days ago.")}</p></div>
<div class="client">
<div>
{reach}
{facts}
{private}
</div>
<div class="middle">
<section class="card" aria-labelledby="happened">
  <header><h2 id="happened">{t("رویدادها", "What happened")}</h2></header>
  {composer}
  <nav class="tabs" aria-label="{t("نوع رویداد", "Kind of event")}">
    <a href="?show=all" aria-current="true">{t("همه", "All")}</a><a href="?show=notes">{t("یادداشت‌ها", "Notes")}<span class="n">{n(3)}</span></a><a href="?show=changes">{t("تغییرات", "Changes")}<span class="n">{n(17)}</span></a>
  </nav>
  {line}
  <a class="button small wide" href="?before=871">{t("قدیمی‌ترها", "Older")}</a>
</section>
</div>
<div class="beside">
{bonds}
{tags}
</div>
</div>
"""
    return p.shell(name, "clients", main)


def form(p):
    t, n, icon, b = p.t, p.n, p.icon, p.b
    must = f'<span class="must" aria-hidden="true">*</span>'
    opts = lambda items, chosen=0: "".join(f'<option{" selected" if i == chosen else ""}>{x}</option>' for i, x in enumerate(items))
    kinds = t(["همراه", "کار", "خانه", "نمابر"], ["Mobile", "Work", "Home", "Fax"])
    remove = lambda what: f'<button type="button" class="button bare only needs-js" data-remove>{icon("close")}<span class="hidden-text">{t("برداشتن", "Remove")} {what}</span></button>'

    def phone(i, value="", kind=0, more="", problem=""):
        bad = f' aria-invalid="true" aria-describedby="phones-{i}-problem"' if problem else ""
        text = f'\n            <p class="problem-text" id="phones-{i}-problem">{icon("error")}<span>{problem}</span></p>' if problem else ""
        return f"""<div class="many-row{more}">
            <select class="input" name="phones.{i}.kind" aria-label="{t("نوع تلفن", "Kind of phone")} {n(i + 1) if i != "__i__" else ""}">{opts(kinds, kind)}</select>
            <input class="input" name="phones.{i}.number" id="phones-{i}-number" type="tel" dir="ltr" value="{value}" autocomplete="off" aria-label="{t("شمارهٔ تلفن", "Phone number")} {n(i + 1) if i != "__i__" else ""}"{bad}>
            {remove(t("تلفن", "phone"))}{text}
          </div>"""

    def email(i, value="", more=""):
        return f"""<div class="many-row{more}">
            <select class="input" name="emails.{i}.kind" aria-label="{t("نوع ایمیل", "Kind of e-mail")} {n(i + 1) if i != "__i__" else ""}">{opts(t(["کار", "شخصی"], ["Work", "Personal"]))}</select>
            <input class="input" name="emails.{i}.address" type="email" dir="ltr" value="{value}" autocomplete="off" aria-label="{t("نشانی ایمیل", "E-mail address")} {n(i + 1) if i != "__i__" else ""}">
            {remove(t("ایمیل", "e-mail"))}
          </div>"""

    field = lambda name, label, value="", more="", hint="", attrs='dir="auto"': f"""<div class="field{more}"><label for="{name}">{label}</label><input id="{name}" name="{name}" value="{value}" {attrs}{f' aria-describedby="{name}-hint"' if hint else ""}>{f'<p class="hint" id="{name}-hint">{hint}</p>' if hint else ""}</div>"""
    toc = [("part-kind", t("که؟", "Who")), ("part-reach", t("راه‌های تماس", "Contact")), ("part-prefer", t("ترجیح‌ها", "Preferences")), ("part-work", t("کار با او", "Working together")), ("part-self", t("شخصی", "Personal")), ("part-note", t("یادداشت", "Notes"))]
    main = f"""
<nav class="crumbs" aria-label="{t("مسیر", "Breadcrumb")}"><ol><li><a href="list.{p.lang}.html">{t("مشتریان", "Clients")}</a></li><li><a href="client.{p.lang}.html">{b(t("مریم احمدی", "Maryam Ahmadi"))}</a></li><li aria-current="page">{t("ویرایش", "Edit")}</li></ol></nav>
<div class="page-head"><h1>{t("ویرایش مشتری", "Edit client")}</h1></div>
<div class="note bad" role="alert" tabindex="-1" data-focus>{icon("error")}<div><b>{t("ذخیره نشد: دو مورد را درست کنید.", "Not saved: please correct two things.")}</b>
  <ul><li><a href="#phones-1-number">{t("تلفن ۲: ۵ رقم برای تلفن همراه کم است.", "Phone 2: 5 digits are too few for a mobile number.")}</a></li><li><a href="#birth_date">{t("تاریخ تولد: ۳۰ اسفند ۱۴۰۴ وجود ندارد؛ ۱۴۰۴ کبیسه نیست.", "Date of birth: 29 February 1983 does not exist.")}</a></li></ul></div></div>
<div class="split">
<nav class="sub menu" aria-label="{t("بخش‌های برگه", "Parts of the form")}">
  {chr(10).join(f'<a href="#{i}"' + (' aria-current="true"' if k == 0 else "") + f'>{label}</a>' for k, (i, label) in enumerate(toc))}
</nav>
<form class="form" method="post" action="/clients/1042" data-guard novalidate>
  <input type="hidden" name="csrf" value="…"><input type="hidden" name="version" value="7">

  <section class="part" id="part-kind" role="group" aria-labelledby="part-kind-title">
    <div class="part-head"><h2 id="part-kind-title">{t("که؟", "Who")}</h2></div>
    <fieldset class="field"><legend>{t("نوع", "Kind")}</legend>
      <div class="choice-set">
        <label class="choice slim"><input type="radio" name="kind" value="person" checked>{icon("person")}<span>{t("شخص", "Person")}</span></label>
        <label class="choice slim"><input type="radio" name="kind" value="organisation">{icon("firm")}<span>{t("سازمان", "Organisation")}</span></label>
      </div></fieldset>
    <div class="fields">
      {field("given_name", t("نام", "First name"), t("مریم", "Maryam"))}
      <div class="field"><label for="family_name">{t("نام خانوادگی", "Last name")}{must}</label><input id="family_name" name="family_name" value="{t("احمدی", "Ahmadi")}" dir="auto" required></div>
      <div class="field"><label for="title">{t("عنوان", "Title")}</label><select id="title" name="title">{opts(t(["—", "خانم", "آقای", "دکتر", "مهندس"], ["—", "Ms", "Mr", "Dr", "Prof."]), 1)}</select></div>
      {field("nickname", t("نام خودمانی", "Nickname"))}
      {field("father_name", t("نام پدر", "Father’s name"), t("حسین", "Hossein"))}
      {field("latin_name", t("نام لاتین", "Latin name"), "Maryam Ahmadi", hint=t("برای نامهٔ خارجی و پاکت پستی", "For letters abroad and envelopes"), attrs='dir="ltr" lang="en"')}
    </div>
  </section>

  <section class="part" id="part-reach" role="group" aria-labelledby="part-reach-title">
    <div class="part-head"><h2 id="part-reach-title">{t("راه‌های تماس", "Contact")}</h2><p>{t("شماره را هر طور که می‌نویسید بنویسید: ارقام فارسی و صفر اول هم درست است.", "Write numbers as you write them: national or international, in any digits.")}</p></div>
    <fieldset class="field"><legend>{t("تلفن‌ها", "Phones")}</legend>
      <div class="many" id="phones" data-next="3">
          {phone(0, "0912 345 6789")}
          {phone(1, "02188", 1, problem=t("۵ رقم برای تلفن کم است. مثلاً ۰۲۱ ۸۸۷۷ ۶۶۵۵", "5 digits are too few. For example 021 8877 6655"))}
          {phone(2, more=" without-js")}
      </div>
      <template id="phones-row">{phone("__i__")}</template>
      <p><button type="button" class="button bare small needs-js" data-add="phones">{icon("add")}{t("یک تلفن دیگر", "Add another phone")}</button></p>
    </fieldset>
    <fieldset class="field"><legend>{t("ایمیل‌ها", "E-mails")}</legend>
      <div class="many" id="emails" data-next="2">
          {email(0, "maryam@noor.example")}
          {email(1, more=" without-js")}
      </div>
      <template id="emails-row">{email("__i__")}</template>
      <p><button type="button" class="button bare small needs-js" data-add="emails">{icon("add")}{t("یک ایمیل دیگر", "Add another e-mail")}</button></p>
    </fieldset>
    <fieldset class="field"><legend>{t("نشانی‌ها", "Addresses")}</legend>
      <div class="many" id="addresses" data-next="1">
        <div class="many-row block">
          <div class="fields">
            <div class="field"><label for="addresses-0-kind">{t("نوع", "Kind")}</label><select id="addresses-0-kind" name="addresses.0.kind">{opts(t(["کار", "خانه", "پستی"], ["Work", "Home", "Postal"]))}</select></div>
            <div class="field"><label for="addresses-0-country">{t("کشور", "Country")}</label><select id="addresses-0-country" name="addresses.0.country">{opts(t(["ایران", "فرانسه", "لبنان"], ["Iran", "France", "Lebanon"]))}</select></div>
            <div class="field all"><label for="addresses-0-street">{t("خیابان، کوچه", "Street")}</label><input id="addresses-0-street" name="addresses.0.street" dir="auto" value="{t("خیابان ولیعصر، کوچهٔ نسترن", "Valiasr St., Nastaran Alley")}"></div>
            <div class="field"><label for="addresses-0-plaque">{t("پلاک", "Number")}</label><input id="addresses-0-plaque" name="addresses.0.plaque" value="{n(12)}" inputmode="numeric"></div>
            <div class="field"><label for="addresses-0-unit">{t("واحد", "Unit")}</label><input id="addresses-0-unit" name="addresses.0.unit" value="{n(3)}"></div>
            <div class="field"><label for="addresses-0-town">{t("شهر", "Town")}</label><input id="addresses-0-town" name="addresses.0.town" dir="auto" value="{t("تهران", "Tehran")}"></div>
            <div class="field"><label for="addresses-0-postcode">{t("کد پستی", "Postcode")}</label><input id="addresses-0-postcode" name="addresses.0.postcode" dir="ltr" value="19857-14532"></div>
          </div>
          {remove(t("نشانی", "address"))}
        </div>
      </div>
    </fieldset>
  </section>

  <section class="part" id="part-prefer" role="group" aria-labelledby="part-prefer-title">
    <div class="part-head"><h2 id="part-prefer-title">{t("ترجیح‌ها", "Preferences")}</h2><p>{t("هنگام تماس، بالای صفحه دیده می‌شود.", "Shown at the top of the page before anyone gets in touch.")}</p></div>
    <div class="fields">
      <div class="field"><label for="channel">{t("روش ارتباطی ترجیحی", "Preferred contact method")}</label><select id="channel" name="channel">{opts(t(["پیام کوتاه", "تماس", "ایمیل", "پیام‌رسان"], ["SMS", "Call", "E-mail", "Messenger"]))}</select></div>
      {field("hours", t("ساعت‌های مناسب", "Good hours"), t("پس از ۱۷", "after 17:00"))}
      <div class="field"><label for="language">{t("زبان", "Language")}</label><select id="language" name="language">{opts(["فارسی", "العربية", "Français", "English"])}</select></div>
      <div class="field"><label for="zone">{t("منطقهٔ زمانی", "Time zone")}</label><input id="zone" name="zone" list="zones" value="Asia/Tehran" dir="ltr"><datalist id="zones"><option value="Asia/Tehran"><option value="Europe/Paris"><option value="Asia/Beirut"></datalist></div>
    </div>
    <fieldset class="field"><legend>{t("نکنید", "Do not")}</legend><div class="options">
      <label class="check"><input type="checkbox" name="no_call" value="1" checked><span>{t("زنگ نزنید", "Call")}</span></label>
      <label class="check"><input type="checkbox" name="no_mail" value="1"><span>{t("ایمیل نفرستید", "Send e-mail")}</span></label>
      <label class="check"><input type="checkbox" name="no_sms" value="1"><span>{t("پیامک نفرستید", "Send SMS")}</span></label>
    </div></fieldset>
  </section>

  <section class="part" id="part-work" role="group" aria-labelledby="part-work-title">
    <div class="part-head"><h2 id="part-work-title">{t("کار با او", "Working together")}</h2></div>
    <fieldset class="field"><legend>{t("دسته‌بندی", "Category")}</legend><div class="choice-set">
      <label class="choice"><input type="radio" name="category" value="1"><span><b>{t("عادی", "Ordinary")}</b><small>{t("هر ماه یک تماس", "One contact a month")}</small></span></label>
      <label class="choice"><input type="radio" name="category" value="2" checked><span><b>{t("ویژه", "VIP")}</b><small>{t("هر هفته یک تماس", "One contact a week")}</small></span></label>
      <label class="choice"><input type="radio" name="category" value="3"><span><b>{t("مشکل‌دار", "Problem")}</b><small>{t("فقط پیش‌پرداخت کامل", "Full prepayment only")}</small></span></label>
      <label class="choice"><input type="radio" name="category" value="4"><span><b>{t("کارمند", "Employee")}</b><small>{t("نرخ همکاران", "Staff prices")}</small></span></label>
    </div></fieldset>
    <div class="fields">
      <div class="field"><label for="stage">{t("مرحله", "Stage")}</label><select id="stage" name="stage">{opts(t(["سرنخ", "مشتری احتمالی", "تازه", "فعال", "خاموش", "پیشین"], ["Lead", "Prospect", "New", "Active", "Quiet", "Past"]), 3)}</select></div>
      <div class="field"><label for="responsible">{t("مسئول", "Responsible")}</label><select id="responsible" name="responsible">{opts(t(["سارا کریمی", "علی رضایی", "نرگس امینی"], ["Sara Karimi", "Ali Rezaei", "Narges Amini"]))}</select></div>
      {field("territory", t("منطقه", "Territory"), t("تهران بزرگ", "Greater Tehran"))}
      {field("tags", t("برچسب‌ها", "Tags"), t("چاپ، نوروز", "Print, Nowruz"), hint=t("با ویرگول جدا کنید", "Separate with commas"))}
    </div>
  </section>

  <section class="part" id="part-self" role="group" aria-labelledby="part-self-title">
    <div class="part-head"><h2 id="part-self-title">{t("شخصی", "Personal")}</h2></div>
    <div class="fields">
      <div class="field"><label for="birth_date">{t("تاریخ تولد", "Date of birth")}</label><input id="birth_date" name="birth_date" value="{t("۳۰ اسفند ۱۴۰۴", "29 Feb 1983")}" dir="auto" data-echo="/echo/date" aria-invalid="true" aria-describedby="birth_date-problem birth_date-hint">
        <p class="problem-text" id="birth_date-problem">{icon("error")}<span>{t("۳۰ اسفند ۱۴۰۴ وجود ندارد؛ ۱۴۰۴ کبیسه نیست.", "29 February 1983 does not exist; 1983 is not a leap year.")}</span></p>
        <output class="echo" id="birth_date-echo" for="birth_date"></output>
        <p class="hint" id="birth_date-hint">{t("شمسی، قمری یا میلادی؛ سال را ندانستید ننویسید.", "Any calendar; leave the year out if you do not know it.")}</p></div>
      <div class="field"><label for="sex">{t("جنس", "Sex")}</label><select id="sex" name="sex">{opts(t(["—", "زن", "مرد"], ["—", "Female", "Male"]), 1)}</select></div>
      <div class="field"><label for="anniversary">{t("سالگرد", "Anniversary")} <span class="optional">{t("اختیاری", "optional")}</span></label><input id="anniversary" name="anniversary" value="{t("۱ فروردین ۹۹", "20 March 2020")}" dir="auto" data-echo="/echo/date" aria-describedby="anniversary-echo">
        <output class="echo" id="anniversary-echo" for="anniversary">{t("جمعه ۱ فروردین ۱۳۹۹ · ۲۰ مارس ۲۰۲۰", "Friday 20 March 2020 · 1 Farvardin 1399")}</output></div>
      {field("children", t("فرزندان", "Children"), n(2), attrs='inputmode="numeric"')}
    </div>
  </section>

  <section class="part" id="part-note" role="group" aria-labelledby="part-note-title">
    <div class="part-head"><h2 id="part-note-title">{t("یادداشت خصوصی", "Private note")}</h2><p>{t("مشتری هرگز این را نمی‌بیند.", "The client never sees this.")}</p></div>
    <div class="field"><label class="hidden-text" for="notes_private">{t("یادداشت خصوصی", "Private note")}</label><textarea id="notes_private" name="notes_private" dir="auto" rows="4">{t("رنگ مات دوست دارد. پیش از نوروز زنگ بزنید، بعد از آن سفر است.", "Likes matte colours. Call before Nowruz; she travels after that.")}</textarea></div>
  </section>

  <div class="form-foot">
    <button class="button main" type="submit">{t("ذخیره", "Save")}</button>
    <a class="button bare" href="client.{p.lang}.html">{t("انصراف", "Cancel")}</a>
    <span class="hint push"><kbd>Ctrl</kbd> <kbd>Enter</kbd></span>
  </div>
</form>
</div>
"""
    return p.shell(t("ویرایش مشتری", "Edit client"), "clients", main)


def steps(p, at):
    names = p.t(["پرونده", "ستون‌ها", "پیش‌نمایش", "ورود", "نتیجه"], ["Upload", "Columns", "Preview", "Import", "Result"])
    out = []
    for i, name in enumerate(names, 1):
        if i < at:
            out.append(f'<li class="done"><a href="import-{i}.{p.lang}.html">{name}</a></li>')
        elif i == at:
            out.append(f'<li aria-current="step"><span>{name}</span></li>')
        else:
            out.append(f"<li><span>{name}</span></li>")
    return f"""<ol class="steps" aria-label="{p.t("گام‌ها", "Steps")}">
  {chr(10).join("  " + x for x in out).strip()}
</ol>"""


def import_page(p, at, body, lead=""):
    t = p.t
    lead = f'\n  <p class="lead">{lead}</p>' if lead else ""
    return p.shell(t("ورود داده", "Import"), "import", f"""
<div class="page-head"><h1>{t("ورود مشتریان", "Import clients")}</h1>{lead}</div>
{steps(p, at)}
{body}""")


def import_1(p):
    t, n, icon, ltr = p.t, p.n, p.icon, p.ltr
    past = [("clients-1405.csv", n(1204), t("دیروز", "yesterday"), "good", t("انجام شد", "Done")), ("mailing list (old).csv", n(87), t("۲ آبان", "24 Oct"), "", t("برگردانده شد", "Undone"))]
    rows = "\n".join(f"""      <tr><th scope="row"><a href="import-5.{p.lang}.html">{ltr(f)}</a></th><td class="num under">{c}</td><td class="quiet last">{d}</td><td class="first"><span class="mark {m}">{s}</span></td></tr>""" for f, c, d, m, s in past)
    return import_page(p, 1, f"""<form class="stack" method="post" action="/import?csrf=…" enctype="multipart/form-data">
  <label class="drop">{icon("upload", "big")}
    <b>{t("پروندهٔ CSV را اینجا رها کنید", "Drop your CSV file here")}</b>
    <span>{t("یا برای برگزیدن کلیک کنید · تا ۱۰۰ مگابایت", "or click to choose one · up to 100 MB")}</span>
    <span class="chosen"></span>
    <input type="file" name="file" accept=".csv,.tsv,.txt,text/csv" required>
  </label>
  <div class="row"><button class="button main" type="submit">{t("ادامه", "Continue")}{icon("arrow")}</button>
    <span class="quiet small">{t("رمزگذاری و جداکننده خودکار شناخته می‌شود. هنوز چیزی ذخیره نمی‌شود.", "Encoding and separator are detected. Nothing is saved yet.")}</span></div>
</form>
<section class="stack tight" aria-labelledby="past">
<h2 id="past">{t("ورودهای پیشین", "Earlier imports")}</h2>
<div class="sheet rows">
  <table>
    <thead><tr><th scope="col">{t("پرونده", "File")}</th><th scope="col" class="num">{t("سطرها", "Rows")}</th><th scope="col">{t("کی", "When")}</th><th scope="col">{t("وضعیت", "Status")}</th></tr></thead>
    <tbody>
{rows}
    </tbody>
  </table>
</div>
</section>
""", t("فهرستی که اکنون دارید — از اکسل، گوگل یا نرم‌افزار دیگر — هر طور که هست.", "The list you have now — from Excel, Google or another program — as it is."))


def import_2(p):
    t, n, icon, b, ltr = p.t, p.n, p.icon, p.b, p.ltr
    fields = t(["— وارد نشود —", "نام کامل", "نام", "نام خانوادگی", "تلفن", "ایمیل", "شهر", "تاریخ تولد", "دسته‌بندی", "یادداشت"], ["— do not import —", "Full name", "First name", "Last name", "Phone", "E-mail", "Town", "Date of birth", "Category", "Notes"])
    sure = f'<span class="sureness good">{icon("check-all", "tiny")}{t("مطمئن", "Sure")}</span>'
    likely = f'<span class="sureness care">{icon("help", "tiny")}{t("احتمالی، ببینید", "Likely, please check")}</span>'
    nope = f'<span class="sureness quiet">{icon("no-entry", "tiny")}{t("وارد نمی‌شود", "Left out")}</span>'
    cols = [("نام مشتری", ["مریم احمدی", "رضایی، علی", "Ève Martin"], 1, sure), ("Mobile", ["۰۹۱۲۳۴۵۶۷۸۹", "+33 6 12 34 56 78", "0935-111-2233"], 4, sure), ("e-mail", ["maryam@noor.example", "ali@rezaei.example"], 5, sure), ("محل", ["تهران", "Lyon", "اصفهان"], 6, likely), ("تولد", ["۱۵/۷/۶۲", "1990-03-21"], 7, likely), ("ستون ۶", ["x", "", "x"], 0, nope)]
    rows = []
    for i, (col, samples, choice, how) in enumerate(cols):
        opts = "".join(f'<option{" selected" if k == choice else ""}>{f}</option>' for k, f in enumerate(fields))
        shown = "".join(f"<span>{b(s)}</span>" for s in samples if s)
        rows.append(f"""      <tr>
        <th scope="row"><b>{b(col)}</b></th>
        <td data-label="{t("نمونه", "Samples")}"><span class="samples">{shown}</span></td>
        <td class="to" data-label="{t("به", "Goes to")}"><select class="input" name="column.{i}" aria-label="{t("فیلد برای ستون", "Field for column")} ⁨{col}⁩">{opts}</select></td>
        <td data-label="{t("اطمینان", "Confidence")}">{how}</td>
      </tr>""")
    return import_page(p, 2, f"""<form class="stack" method="post" action="/import/7/columns">
<input type="hidden" name="csrf" value="…">
<section class="card" aria-labelledby="as-read">
  <header><h2 id="as-read">{ltr("clients-1405.csv")}</h2><span class="n">{t(f"{n(1250)} سطر، {n(6)} ستون", "1,250 rows, 6 columns")}</span></header>
  <div class="fields three">
    <div class="field"><label for="encoding">{t("رمزگذاری", "Encoding")}</label><select id="encoding" name="encoding"><option>{t("Windows-1256 (شناخته‌شده)", "Windows-1256 (detected)")}</option><option>UTF-8</option><option>UTF-16</option><option>Windows-1252</option></select></div>
    <div class="field"><label for="separator">{t("جداکننده", "Separator")}</label><select id="separator" name="separator"><option>; {t("(شناخته‌شده)", "(detected)")}</option><option>,</option><option>Tab</option></select></div>
    <div class="field"><label for="dates">{t("تاریخ‌ها", "Dates")}</label><select id="dates" name="dates"><option>{t("روز/ماه/سال، هجری شمسی", "day/month/year, Solar Hijri")}</option><option>{t("سال-ماه-روز", "year-month-day")}</option></select></div>
  </div>
</section>
<div class="sheet as-cards map-table">
  <table>
    <thead><tr><th scope="col">{t("ستون پرونده", "File column")}</th><th scope="col">{t("نمونه‌ها", "Samples")}</th><th scope="col">{t("فیلد دفتر", "Daftar field")}</th><th scope="col">{t("اطمینان", "Confidence")}</th></tr></thead>
    <tbody>
{chr(10).join(rows)}
    </tbody>
  </table>
</div>
<section class="card" aria-labelledby="same">
  <header><h2 id="same">{t("اگر مشتری از پیش در دفتر است", "When a client is already here")}</h2></header>
  <fieldset class="field"><legend>{t("او را بشناس از روی", "Recognise by")}</legend><div class="options">
    <label class="check"><input type="checkbox" name="match" value="email" checked><span>{t("ایمیل", "E-mail")}</span></label>
    <label class="check"><input type="checkbox" name="match" value="phone" checked><span>{t("تلفن", "Phone")}</span></label>
    <label class="check"><input type="checkbox" name="match" value="id"><span>{t("شمارهٔ دفتر", "Daftar’s own number")}</span></label></div></fieldset>
  <fieldset class="field"><legend>{t("و آنگاه", "And then")}</legend><div class="choice-set">
    <label class="choice"><input type="radio" name="on_match" value="skip"><span><b>{t("رد شود", "Skip")}</b><small>{t("همان که هست می‌ماند", "Leave as is")}</small></span></label>
    <label class="choice"><input type="radio" name="on_match" value="fill" checked><span><b>{t("جاهای خالی پر شود", "Fill empty fields")}</b><small>{t("چیزی پاک نمی‌شود", "Nothing is overwritten")}</small></span></label>
    <label class="choice"><input type="radio" name="on_match" value="overwrite"><span><b>{t("جایگزین شود", "Overwrite")}</b><small>{t("پرونده درست‌تر است", "The file knows better")}</small></span></label></div></fieldset>
</section>
<div class="form-foot"><button class="button main" type="submit">{t("پیش‌نمایش", "Preview")}{icon("arrow")}</button><a class="button bare" href="import-1.{p.lang}.html">{t("انصراف", "Cancel")}</a></div>
</form>
""")


def tally(p, here="", link=True):
    t, n, icon = p.t, p.n, p.icon
    items = [("created", "good", "add", 1042, t("ساخته می‌شود", "to create")), ("changed", "care", "edit", 160, t("تغییر می‌کند", "to change")), ("skipped", "", "minus", 42, t("رد می‌شود", "to skip")), ("refused", "bad", "error", 6, t("پذیرفته نمی‌شود", "refused"))]
    if not link:
        items = [("created", "good", "add", 1042, t("ساخته شد", "created")), ("changed", "care", "edit", 160, t("تغییر کرد", "changed")), ("skipped", "", "minus", 42, t("رد شد", "skipped")), ("refused", "bad", "error", 6, t("پذیرفته نشد", "refused"))]
    out = []
    for key, cls, ic, num, label in items:
        inner = f'<span class="row tight">{icon(ic, "tiny")}{label}</span><b>{n(num)}</b>'
        cur = ' aria-current="true"' if key == here else ""
        out.append(f'<a class="{cls}" href="?show={key}"{cur}>{inner}</a>' if link else f'<div class="{cls}">{inner}</div>')
    return '<div class="tally">\n  ' + "\n  ".join(out) + "\n</div>"


def import_3(p):
    t, n, icon, b, ltr = p.t, p.n, p.icon, p.b, p.ltr
    state = {"created": ("good", t("تازه", "New")), "changed": ("vip", t("تغییر", "Change")), "skipped": ("", t("رد", "Skip")), "refused": ("bad", t("نپذیرفته", "Refused"))}
    m = lambda k: f'<span class="mark {state[k][0]}">{state[k][1]}</span>'
    bad = lambda text, why: f'<td class="wrong">{text}<span class="problem-text">{icon("error")}<span>{why}</span></span></td>'
    cell = lambda text: f"<td>{text}</td>"
    none = f'<span class="none">—</span>'
    rows = [
        ("created", 2, [cell(b("مریم")), cell(b("احمدی")), cell(ltr("+98 912 345 6789")), cell(ltr("maryam@noor.example")), cell(b("تهران"))]),
        ("changed", 3, [cell(b("علی")), cell(b("رضایی")), cell(f'<del>{ltr("021 8877")}</del> <ins>{ltr("+98 21 8877 6655")}</ins>'), cell(ltr("ali@rezaei.example")), cell(f"<ins>{b('اصفهان')}</ins>")]),
        ("refused", 4, [cell(b("Ève")), cell(b("Martin")), bad(ltr("06 12 34"), t("رقم‌ها کم است", "too few digits")), bad(ltr("eve(at)chirine"), t("ایمیل @ ندارد", "no @ in the e-mail")), cell(b("Lyon"))]),
        ("created", 5, [cell(b("سمير")), cell(b("حداد")), cell(ltr("+961 71 123 456")), cell(none), cell(b("بيروت"))]),
        ("skipped", 6, [cell(b("Jean-Baptiste")), cell(b("de La Tour")), cell(ltr("+33 1 42 68 53 00")), cell(none), cell(b("Lyon"))]),
    ]
    trs = "\n".join(f"""      <tr class="{k}"><td class="num">{n(i)}</td><td>{m(k)}</td>{"".join(cells)}</tr>""" for k, i, cells in rows)
    heads = "".join(f'<th scope="col">{h}</th>' for h in t(["نتیجه", "نام", "نام خانوادگی", "تلفن", "ایمیل", "شهر"], ["Result", "First name", "Last name", "Phone", "E-mail", "Town"]))
    return import_page(p, 3, f"""{tally(p, "created")}
<div class="note info">{icon("info")}<p>{t("ستون «نام مشتری» به نام و نام خانوادگی جدا شد. اگر درست نیست، به ستون‌ها برگردید.", "The column “نام مشتری” was split into first and last name. If that is wrong, go back to the columns.")}</p></div>
<div class="sheet scrolls preview" role="region" aria-label="{t("پیش‌نمایش سطرها", "Preview of the rows")}" tabindex="0">
  <table>
    <thead><tr><th scope="col" class="num">{t("سطر", "Row")}</th>{heads}</tr></thead>
    <tbody>
{trs}
    </tbody>
  </table>
</div>
<form class="form-foot" method="post" action="/import/7/run"><input type="hidden" name="csrf" value="…">
  <button class="button main" type="submit">{t(f"{n(1244)} سطر وارد شود", "Import 1,244 rows")}</button>
  <a class="button" href="import-2.{p.lang}.html">{icon("back")}{t("ستون‌ها", "Columns")}</a>
  <span class="hint push">{t("بعداً یک‌جا برگرداندنی است.", "Can be undone as a whole later.")}</span>
</form>
""")


def progress(p):
    t, n = p.t, p.n
    return f"""<section class="card" id="progress" aria-labelledby="progress-title" hx-get="/import/7/progress" hx-trigger="every 1s" hx-swap="outerHTML">
  <header><h2 id="progress-title">{t("در حال ورود…", "Importing…")}</h2><span class="push quiet">{t(f"{n(768)} از {n(1244)}", "768 of 1,244")}</span></header>
  <progress max="1244" value="768" aria-labelledby="progress-title">{t("۶۲٪", "62%")}</progress>
  <p class="quiet small row"><span>{t(f"{n(640)} تازه، {n(112)} تغییر، {n(12)} رد، {n(4)} نپذیرفته", "640 created, 112 changed, 12 skipped, 4 refused")}</span><span class="push">{t("چند ثانیهٔ دیگر", "a few seconds left")}</span></p>
</section>"""


def import_4(p):
    t, icon = p.t, p.icon
    return import_page(p, 4, f"""{progress(p)}
<p class="quiet">{t("می‌توانید صفحه را ببندید؛ کار ادامه دارد و نتیجه در «ورود داده» می‌ماند.", "You may close this page; the work goes on, and its result stays under Import.")}</p>
<form method="post" action="/import/7/stop"><input type="hidden" name="csrf" value="…"><button class="button danger">{t("همین‌جا بس است", "Stop here")}</button></form>
<noscript><p><a href="">{t("تازه‌کردن صفحه", "Refresh")}</a></p></noscript>
""")


def import_5(p):
    t, n, icon, ltr = p.t, p.n, p.icon, p.ltr
    return import_page(p, 5, f"""<div class="note good">{icon("check-all")}<p><b>{t(f"{n(1202)} مشتری وارد شد.", "1,202 clients came in.")}</b> {t("در ۱٫۴ ثانیه.", "It took 1.4 seconds.")}</p></div>
{tally(p, link=False)}
<div class="row">
  <a class="button main" href="list.{p.lang}.html">{icon("people")}{t("دیدن مشتریان", "See the clients")}</a>
  <a class="button" href="/import/7/refused.csv">{icon("download")}{t(f"{n(6)} سطر نپذیرفته (CSV)", "6 refused rows (CSV)")}</a>
  <form class="push" method="post" action="/import/7/undo" data-confirm="{t("همهٔ این ورود برگردانده شود؟ ۱٬۰۴۲ مشتری به سطل می‌رود و ۱۶۰ تغییر پس گرفته می‌شود.", "Undo this whole import? 1,042 clients go to the bin and 160 changes are taken back.")}" data-confirm-yes="{t("برگردان", "Undo import")}" data-confirm-kind="danger"><input type="hidden" name="csrf" value="…"><button class="button danger">{icon("undo")}{t("برگرداندن این ورود", "Undo this import")}</button></form>
</div>
<section class="card" aria-labelledby="kept"><header><h2 id="kept">{t("پرونده", "The file")}</h2></header>
<dl class="facts">
  <dt>{t("نام", "Name")}</dt><dd><a href="/import/7/file">{ltr("clients-1405.csv")}</a> <small>{t("۸۴ کیلوبایت", "84 kB")}</small></dd>
  <dt>{t("خوانده‌شده به‌صورت", "Read as")}</dt><dd>{ltr("Windows-1256")} <small>{t("جداکننده", "separator")} {ltr(";")}</small></dd>
  <dt>SHA-256</dt><dd><code>9f2c41d07a…e1b8</code></dd>
  <dt>{t("وارد کرد", "Imported by")}</dt><dd>{p.b(t("سارا کریمی", "Sara Karimi"))}، {t("دیروز ۱۶:۰۵", "yesterday 16:05")}</dd>
</dl></section>
""".replace("</bdi>، ", "</bdi>, " if p.lang == "en" else "</bdi>، "))


def history(p):
    t, n, icon, b, ltr = p.t, p.n, p.icon, p.b, p.ltr
    undo = lambda i: f'<form class="push" method="post" action="/history/{i}/undo"><input type="hidden" name="csrf" value="…"><button class="button bare small">{icon("undo")}{t("برگردان", "Undo")}</button></form>'
    sara, ali = b(t("سارا کریمی", "Sara Karimi")), b(t("علی رضایی", "Ali Rezaei"))
    main = f"""
<div class="page-head"><h1>{t("تاریخچه", "History")}</h1><p class="lead">{t("هر تغییر: که، کی، از کدام در، چه بود و چه شد. تا وقتی کسی پس از آن تغییری نداده، برگرداندنی است.", "Every change: who, when, by which door, before and after. It can be undone as long as nobody has changed the same since.")}</p></div>
<form class="filters" method="get" action="/history">
  <label class="hidden-text" for="by">{t("که", "Who")}</label><select class="chip" id="by" name="by" data-submit><option>{t("همهٔ همکاران", "Everyone")}</option><option>{t("سارا کریمی", "Sara Karimi")}</option><option>{t("علی رضایی", "Ali Rezaei")}</option></select>
  <label class="hidden-text" for="door">{t("از کدام در", "By which door")}</label><select class="chip" id="door" name="door" data-submit><option>{t("همهٔ درها", "Every door")}</option><option>{t("صفحهٔ وب", "Web")}</option><option>API</option><option>{t("ورود داده", "Import")}</option><option>{t("خط فرمان", "Command line")}</option></select>
  <label class="hidden-text" for="what">{t("چه", "What")}</label><select class="chip" id="what" name="what" data-submit><option>{t("همه چیز", "Everything")}</option><option>{t("مشتریان", "Clients")}</option><option>{t("یادداشت‌ها", "Notes")}</option><option>{t("تنظیمات", "Settings")}</option></select>
  <button class="button small without-js">{t("اعمال", "Apply")}</button>
</form>
<section class="card">
  <h2 class="day">{t("امروز، ۴ آذر", "Today, 25 November")}</h2>
  <ol class="line">
    <li><span class="dot lapis">{icon("edit")}</span><div>
      <div class="what"><span>{sara} {t("", "changed")} <a href="client.{p.lang}.html">{b(t("مریم احمدی", "Maryam Ahmadi"))}</a> {t("را تغییر داد", "")}</span>{undo(990)}</div>
      <div class="meta">{n("10:12")} · {t("صفحهٔ وب", "web page")}</div>
      <dl class="diff"><dt>{t("دسته‌بندی", "Category")}</dt><dd><del>{b(t("عادی", "Ordinary"))}</del>{icon("arrow")}<span class="hidden-text">{t("شد", "became")}</span><ins>{b(t("ویژه", "VIP"))}</ins></dd>
      <dt>{t("تلفن همراه", "Mobile")}</dt><dd><span class="none">{t("خالی", "empty")}</span>{icon("arrow")}<span class="hidden-text">{t("شد", "became")}</span><ins>{ltr("0912 345 6789")}</ins></dd></dl></div></li>
    <li><span class="dot bad">{icon("bin")}</span><div>
      <div class="what"><span>{ali} {t("", "moved")} {b("Société (Paris) شرکت پارس!")} {t("را به سطل برد", "to the bin")}</span>{undo(989)}</div>
      <div class="meta">{n("09:40")} · {t("صفحهٔ وب", "web page")}</div></div></li>
    <li><span class="dot">{icon("undo")}</span><div>
      <div class="what"><span>{sara} {t("تغییر ۹۸۵ را برگرداند", "took change 985 back")}</span></div>
      <div class="meta">{n("09:02")} · {t("صفحهٔ وب", "web page")}</div></div></li>
  </ol>
  <h2 class="day">{t("دیروز، ۳ آذر", "Yesterday, 24 November")}</h2>
  <ol class="line">
    <li><span class="dot good">{icon("import")}</span><div>
      <div class="what"><span>{sara} {t(f"{n(1202)} مشتری را از", "brought in 1,202 clients from")} <a href="import-5.{p.lang}.html">{ltr("clients-1405.csv")}</a> {t("وارد کرد", "")}</span>{undo(871)}</div>
      <div class="meta">{n("16:05")} · {t("ورود داده", "import")} · {t(f"{n(1042)} تازه، {n(160)} تغییر", "1,042 created, 160 changed")}</div></div></li>
    <li><span class="dot">{icon("key")}</span><div>
      <div class="what"><span>{t("برنامهٔ", "The program")} {b("Zapier")} {t("یک مشتری ساخت:", "created a client:")} <a href="#">{b("Ève Martin")}</a></span>{undo(870)}</div>
      <div class="meta">{n("11:18")} · API</div></div></li>
    <li><span class="dot care">{icon("alert")}</span><div>
      <div class="what"><span>{ali} {t("", "changed")} {b("Jean-Baptiste de La Tour")} {t("را تغییر داد", "")}</span></div>
      <div class="meta">{n("10:55")} · {t("صفحهٔ وب", "web page")} · <span class="care">{t("برگرداندنی نیست: سارا پس از آن همین تلفن را تغییر داده است.", "cannot be undone: Sara changed the same phone since.")}</span> <a href="#">{t("آن تغییر", "that change")}</a></div>
      <dl class="diff"><dt>{t("تلفن", "Phone")}</dt><dd><del>{ltr("+33 1 42 68 53 01")}</del>{icon("arrow")}<span class="hidden-text">{t("شد", "became")}</span><ins>{ltr("+33 1 42 68 53 00")}</ins></dd></dl></div></li>
  </ol>
</section>
<nav class="pager" aria-label="{t("صفحه‌ها", "Pages")}"><span class="push"><span class="button small" aria-disabled="true">{icon("previous")}{t("تازه‌ترها", "Newer")}</span><a class="button small" href="?before=870">{t("قدیمی‌ترها", "Older")}{icon("next")}</a></span></nav>
"""
    return p.shell(t("تاریخچه", "History"), "history", main, narrow=True)


def settings_page(p, key, title, body, lead=""):
    t, icon = p.t, p.icon
    items = [("me", "person", t("من", "Me")), ("firm", "firm", t("بنگاه", "Firm")), ("members", "people", t("همکاران", "Members")), ("categories", "category", t("دسته‌بندی‌ها", "Categories")), ("tags", "tag", t("برچسب‌ها", "Tags"))]
    nav = "\n  ".join(f'<a href="settings-{k}.{p.lang}.html"' + (' aria-current="page"' if k == key else "") + f">{icon(i)}<span>{label}</span></a>" for k, i, label in items)
    lead = f'<p class="lead">{lead}</p>' if lead else ""
    return p.shell(title, "settings", f"""
<div class="page-head"><h1>{t("تنظیمات", "Settings")}</h1></div>
<div class="split">
<nav class="sub menu" aria-label="{t("بخش‌های تنظیمات", "Settings sections")}">
  {nav}
</nav>
<div class="stack">
{lead}
{body.strip()}
</div>
</div>
""")


def options(items, chosen=0):
    return "".join(f'<option{" selected" if i == chosen else ""}>{x}</option>' for i, x in enumerate(items))


def settings_me(p):
    t, n, icon, b = p.t, p.n, p.icon, p.b
    radio = lambda name, items, chosen: "".join(f'<label class="choice"><input type="radio" name="{name}" value="{i}"{" checked" if i == chosen else ""}><span><b>{a}</b><small>{s}</small></span></label>' for i, (a, s) in enumerate(items))
    return settings_page(p, "me", t("تنظیمات من", "My settings"), f"""
<form class="form" method="post" action="/settings/me" data-guard><input type="hidden" name="csrf" value="…">
<section class="part" role="group" aria-labelledby="me-speak"><div class="part-head"><h2 id="me-speak">{t("زبان و تاریخ", "Language and dates")}</h2><p>{t("فقط برای شما؛ همکاران تنظیم خود را دارند.", "Only for you; everyone in the team has their own.")}</p></div>
  <div class="fields">
    <div class="field"><label for="language">{t("زبان", "Language")}</label><select id="language" name="language">{options(["فارسی", "العربية", "Français", "English"], t(0, 3))}</select></div>
    <div class="field"><label for="week">{t("نخستین روز هفته", "First day of the week")}</label><select id="week" name="first_weekday">{options(t(["شنبه", "یکشنبه", "دوشنبه"], ["Saturday", "Sunday", "Monday"]), t(0, 2))}</select></div>
  </div>
  <fieldset class="field"><legend>{t("تقویم", "Calendar")}</legend><div class="choice-set">{radio("calendar", [(t("هجری شمسی", "Solar Hijri"), t("۴ آذر ۱۴۰۵", "4 Azar 1405")), (t("هجری قمری (ام‌القری)", "Umm al-Qura"), t("۱۵ جمادی‌الثانی ۱۴۴۸", "15 Jumada II 1448")), (t("میلادی", "Gregorian"), t("۲۵ نوامبر ۲۰۲۶", "25 November 2026"))], t(0, 2))}</div></fieldset>
  <fieldset class="field"><legend>{t("ارقام", "Digits")}</legend><div class="choice-set">{radio("digits", [("۱۲۳۴۵۶۷", t("فارسی", "Persian")), ("١٢٣٤٥٦٧", t("عربی", "Arabic-Indic")), ("1234567", t("لاتین", "Latin"))], t(0, 2))}</div></fieldset>
  <div class="field"><label class="check"><input class="toggle" type="checkbox" role="switch" name="keys" value="1" checked><span>{t("میان‌برهای تک‌حرفی صفحه‌کلید", "Single-letter keyboard shortcuts")}<small>{t("j، k، e، n و ?", "j, k, e, n and ?")}</small></span></label></div>
  <div class="panel-foot"><button class="button main">{t("ذخیره", "Save")}</button></div>
</section></form>
<form class="form" method="post" action="/settings/password"><input type="hidden" name="csrf" value="…">
<section class="part" role="group" aria-labelledby="me-pass"><div class="part-head"><h2 id="me-pass">{t("گذرواژه", "Password")}</h2></div>
  <div class="fields one">
    <div class="field"><label for="old">{t("گذرواژهٔ کنونی", "Current password")}</label><input id="old" name="old" type="password" dir="ltr" autocomplete="current-password"></div>
    <div class="field"><label for="new">{t("گذرواژهٔ تازه", "New password")}</label><input id="new" name="new" type="password" dir="ltr" autocomplete="new-password" aria-describedby="new-hint"><p class="hint" id="new-hint">{t("دست‌کم ۱۲ نویسه؛ یک جملهٔ کوتاه خوب است.", "At least 12 characters; a short sentence works well.")}</p></div>
  </div>
  <div class="panel-foot"><button class="button">{t("تغییر گذرواژه", "Change password")}</button></div>
</section></form>
<section class="part" aria-labelledby="me-sess"><div class="part-head"><h2 id="me-sess">{t("نشست‌ها", "Sessions")}</h2></div>
  <div>
  <div class="setting"><div><b>{t("همین مرورگر", "This browser")}</b><br><small class="quiet">{t("Firefox در Linux · اکنون", "Firefox on Linux · now")}</small></div><span class="mark good">{t("این‌جا", "Here")}</span></div>
  <div class="setting"><div><b>{t("تلفن", "Phone")}</b><br><small class="quiet">{t("Safari · دیروز ۲۱:۱۴", "Safari · yesterday 21:14")}</small></div><form method="post" action="/settings/sessions/2/end"><button class="button small">{t("پایان‌دادن", "End")}</button></form></div>
  </div></section>
""")


def settings_firm(p):
    t, n, icon, b = p.t, p.n, p.icon, p.b
    return settings_page(p, "firm", t("تنظیمات بنگاه", "Firm settings"), f"""
<form class="form" method="post" action="/settings/firm" data-guard><input type="hidden" name="csrf" value="…">
<section class="part" role="group" aria-labelledby="f1"><div class="part-head"><h2 id="f1">{t("بنگاه", "The firm")}</h2></div>
  <div class="fields">
    <div class="field"><label for="name">{t("نام بنگاه", "Business name")}<span class="must" aria-hidden="true">*</span></label><input id="name" name="name" dir="auto" required value="{t("آتلیه شیرین", "Studio Chirine")}"></div>
    <div class="field"><label for="client-word">{t("به مشتری چه می‌گویید؟", "What do you call your clients?")}</label><select id="client-word" name="client_word">{options(t(["مشتری", "مراجع", "بیمار", "شاگرد"], ["Client", "Customer", "Patient", "Student"]))}</select></div>
    <div class="field"><label for="zone">{t("منطقهٔ زمانی", "Time zone")}</label><input id="zone" name="zone" value="Asia/Tehran" dir="ltr"></div>
    <div class="field"><label for="currency">{t("واحد پول", "Currency")}</label><select id="currency" name="currency">{options(t(["ریال (IRR)", "تومان", "یورو (EUR)"], ["Iranian rial (IRR)", "Euro (EUR)", "US dollar (USD)"]))}</select></div>
  </div>
</section>
<section class="part" role="group" aria-labelledby="f2"><div class="part-head"><h2 id="f2">{t("ترتیب فهرست‌ها", "Order of lists")}</h2><p>{t("الفبایی که نام‌ها به آن مرتب می‌شوند. تغییر آن چند ثانیه کار دارد.", "The alphabet that names are sorted by. Changing it takes a few seconds.")}</p></div>
  <div class="fields"><div class="field"><label for="alphabet">{t("الفبا", "Alphabet")}</label><select id="alphabet" name="alphabet">{options(t(["فارسی (آ پیش از ا)", "عربی", "فرانسه", "انگلیسی"], ["English", "French", "Persian", "Arabic"]))}</select></div>
  <div class="field"><label for="week">{t("نخستین روز هفته", "First day of the week")}</label><select id="week" name="first_weekday">{options(t(["شنبه", "یکشنبه", "دوشنبه"], ["Monday", "Saturday", "Sunday"]))}</select></div></div>
  <div class="panel-foot"><button class="button main">{t("ذخیره", "Save")}</button></div>
</section></form>
""")


def settings_members(p):
    t, n, icon, b, ltr = p.t, p.n, p.icon, p.b, p.ltr
    roles = t(["مالک", "مدیر", "همکار", "خواننده"], ["Owner", "Manager", "Member", "Reader"])
    who = [(t("سارا کریمی", "Sara Karimi"), "sara@chirine.example", 4, 0, t("اکنون", "now")), (t("علی رضایی", "Ali Rezaei"), "ali@chirine.example", 2, 1, t("دیروز", "yesterday")), (t("نرگس امینی", "Narges Amini"), "narges@chirine.example", 1, 2, t("۱۲ آبان", "3 Nov")), ("Ève Martin", "eve@chirine.example", 5, 3, t("هنوز نیامده", "not yet"))]
    rows = "\n".join(f"""      <tr>
        <th scope="row"><div class="who">{p.face(name, hue)}<div><b>{b(name)}</b><small>{ltr(mail)}</small></div></div></th>
        <td data-label="{t("نقش", "Role")}"><form method="post" action="/settings/members/{i}/role"><select class="input" name="role" data-submit aria-label="{t("نقش", "Role of")} ⁨{name}⁩"{" disabled" if i == 0 else ""}>{options(roles, role)}</select></form></td>
        <td class="quiet" data-label="{t("آخرین ورود", "Last seen")}">{seen}</td>
        <td class="acts"><div class="row tight">{'' if i == 0 else f'<form method="post" action="/settings/members/{i}/remove" data-confirm="{t("دسترسی این همکار بسته شود؟", "End this person’s access?")}" data-confirm-kind="danger"><button class="button bare small danger">{t("بستن دسترسی", "End access")}</button></form>'}</div></td>
      </tr>""" for i, (name, mail, hue, role, seen) in enumerate(who))
    return settings_page(p, "members", t("همکاران", "Members"), f"""
<div class="sheet as-cards">
  <table>
    <thead><tr><th scope="col">{t("نام", "Name")}</th><th scope="col">{t("نقش", "Role")}</th><th scope="col">{t("آخرین ورود", "Last seen")}</th><td></td></tr></thead>
    <tbody>
{rows}
    </tbody>
  </table>
</div>
<form class="part" method="post" action="/settings/members" aria-labelledby="invite"><input type="hidden" name="csrf" value="…">
  <div class="part-head"><h2 id="invite">{t("همکار تازه", "Add a member")}</h2><p>{t("پیوندی یک‌بارمصرف می‌سازیم که برایش بفرستید.", "You get a one-time link to send.")}</p></div>
  <div class="fields three">
    <div class="field"><label for="m-name">{t("نام", "Name")}</label><input id="m-name" name="name" dir="auto"></div>
    <div class="field"><label for="m-mail">{t("ایمیل", "E-mail")}</label><input id="m-mail" name="email" type="email" dir="ltr"></div>
    <div class="field"><label for="m-role">{t("نقش", "Role")}</label><select id="m-role" name="role">{options(roles[1:], 1)}</select></div>
  </div>
  <div class="panel-foot"><button class="button main">{t("ساختن پیوند", "Make the link")}</button></div>
</form>
""")


def settings_categories(p):
    t, n, icon, b = p.t, p.n, p.icon, p.b
    rows = [("ordinary", 842), ("vip", 96), ("problem", 14), ("employee", 21), ("hue-3", 40), ("hue-4", 235)]
    move = lambda first, last: f'<button class="button bare only small" name="up"{" disabled" if first else ""}>{icon("up")}<span class="hidden-text">{t("بالاتر", "Move up")}</span></button><button class="button bare only small" name="down"{" disabled" if last else ""}>{icon("down")}<span class="hidden-text">{t("پایین‌تر", "Move down")}</span></button>'
    lis = "\n    ".join(f"""<li>{p.mark(k)}<span class="quiet small">{t(f"{n(c)} مشتری", f"{n(c)} clients")}</span><form class="push" method="post" action="/settings/categories/{i}/move">{move(i == 0, i == len(rows) - 1)}<a class="button bare only small" href="?edit={i}">{icon("edit")}<span class="hidden-text">{t("ویرایش", "Edit")}</span></a></form></li>""" for i, (k, c) in enumerate(rows))
    hues = "".join(f'<label class="swatch {c}" title="{label}"><input type="radio" name="colour" value="{c or "plain"}"{" checked" if c == "hue-3" else ""}><span class="hidden-text">{label}</span></label>' for c, label in [("", t("خاکستری", "Grey")), ("vip", t("زعفرانی", "Saffron")), ("problem", t("اناری", "Pomegranate")), ("employee", t("فیروزه‌ای", "Turquoise"))] + [(f"hue-{i}", x) for i, x in enumerate(t(["کهربایی", "آجری", "سبز", "بنفش", "آبی", "زیتونی", "گلی", "نیلی"], ["Amber", "Brick", "Green", "Violet", "Blue", "Olive", "Rose", "Indigo"]))])
    return settings_page(p, "categories", t("دسته‌بندی‌ها", "Categories"), f"""
<section class="card flush" aria-labelledby="cats"><header><h2 id="cats">{t("دسته‌بندی‌ها", "Categories")}</h2><span class="n">{n(6)}</span></header>
  <ol class="order">
    {lis}
  </ol>
</section>
<form class="part" method="post" action="/settings/categories/5" data-guard aria-labelledby="cat-edit"><input type="hidden" name="csrf" value="…">
  <div class="part-head"><h2 id="cat-edit">{t("ویرایش «شریک»", "Edit “Partner”")}</h2><p>{t("یک نام بس است؛ یا در هر زبان نامی جدا.", "One name is enough; or one for each language.")}</p></div>
  <div class="fields">
    <div class="field"><label for="c-fa">فارسی</label><input id="c-fa" name="name.fa" dir="rtl" lang="fa" value="شریک"></div>
    <div class="field"><label for="c-ar">العربية</label><input id="c-ar" name="name.ar" dir="rtl" lang="ar" value="شريك"></div>
    <div class="field"><label for="c-fr">Français</label><input id="c-fr" name="name.fr" dir="ltr" lang="fr" value="Partenaire"></div>
    <div class="field"><label for="c-en">English</label><input id="c-en" name="name.en" dir="ltr" lang="en" value="Partner"></div>
  </div>
  <fieldset class="field"><legend>{t("رنگ", "Colour")}</legend><div class="swatches">{hues}</div></fieldset>
  <div class="panel-foot"><button class="button main">{t("ذخیره", "Save")}</button><a class="button bare" href="?">{t("انصراف", "Cancel")}</a><button class="button bare danger push" name="delete" data-confirm="{t("دسته‌بندی «شریک» حذف شود؟ ۴۰ مشتری بی‌دسته می‌شوند.", "Delete “Partner”? 40 clients will have no category.")}" data-confirm-kind="danger">{icon("bin")}{t("حذف", "Delete")}</button></div>
</form>
""")


def settings_tags(p):
    t, n, icon, b = p.t, p.n, p.icon, p.b
    tags = [(t("چاپ", "Print"), 1, 120), (t("نوروز", "Nowruz"), 2, 84), ("brochure", 7, 31), ("وب‌سایت", 4, 12), ("à rappeler", 0, 3)]
    lis = "\n    ".join(f'<li><a class="tag hue-{h}" href="list.{p.lang}.html">{b(x)}</a><span class="quiet small">{t(f"{n(c)} مشتری", f"{n(c)} clients")}</span><span class="push"><a class="button bare only small" href="?edit={i}">{icon("edit")}<span class="hidden-text">{t("ویرایش", "Edit")}</span></a></span></li>' for i, (x, h, c) in enumerate(tags))
    return settings_page(p, "tags", t("برچسب‌ها", "Tags"), f"""
<section class="card flush" aria-labelledby="tags"><header><h2 id="tags">{t("برچسب‌ها", "Tags")}</h2><span class="n">{n(5)}</span></header>
  <ul class="order">
    {lis}
  </ul>
</section>
<form class="part" method="post" action="/settings/tags" aria-labelledby="tag-new"><input type="hidden" name="csrf" value="…">
  <h2 id="tag-new">{t("برچسب تازه", "New tag")}</h2>
  <div class="row"><div class="field"><label class="hidden-text" for="tag-name">{t("نام برچسب", "Tag name")}</label><input id="tag-name" name="name" dir="auto" placeholder="{t("نام برچسب", "Tag name")}"></div><button class="button">{icon("add")}{t("افزودن", "Add")}</button></div>
</form>
""")


WALL = """<svg aria-hidden="true"><defs><pattern id="khatam" width="96" height="96" patternUnits="userSpaceOnUse">
        <path class="tile-a" d="M0 0 96 96M96 0 0 96M48 0V96M0 48H96"/>
        <g transform="translate(48 48)"><rect class="tile-b" x="-24" y="-24" width="48" height="48"/><rect class="tile-b" x="-24" y="-24" width="48" height="48" transform="rotate(45)"/><rect class="tile-c" x="-11" y="-11" width="22" height="22"/><rect class="tile-c" x="-11" y="-11" width="22" height="22" transform="rotate(45)"/><circle class="tile-d" r="5"/></g>
        <g class="tile-c"><path d="M0-9 9 0 0 9-9 0Z"/><path d="M0-9 9 0 0 9-9 0Z" transform="translate(96)"/><path d="M0-9 9 0 0 9-9 0Z" transform="translate(0 96)"/><path d="M0-9 9 0 0 9-9 0Z" transform="translate(96 96)"/></g>
      </pattern></defs><rect width="100%" height="100%" fill="url(#khatam)"/></svg>"""


def langs(p, name):
    return f"""<nav class="langs" aria-label="{p.t("زبان", "Language")}"><a href="{name}.fa.html" lang="fa"{' aria-current="true"' if p.lang == "fa" else ""}>فارسی</a><a href="?language=ar" lang="ar">العربية</a><a href="?language=fr" lang="fr">Français</a><a href="{name}.en.html" lang="en"{' aria-current="true"' if p.lang == "en" else ""}>English</a></nav>"""


def brand(p, firm=""):
    return f'<a class="brand" href="/"><img src="../../assets/favicon.svg" alt="" width="26" height="26"><span>{p.t("دفتر", "Daftar")}</span></a>'


def sign_in(p):
    t, icon = p.t, p.icon
    return p.finish(t("ورود", "Sign in"), f"""<body>
<div class="gate">
  <div class="inside">
    <header>{brand(p)}</header>
    <main>
      <div class="stack tight"><h1>{t("ورود به دفتر", "Sign in")}</h1><p class="quiet">{p.b(t("آتلیه شیرین", "Studio Chirine"))}</p></div>
      <p class="note bad" role="alert">{icon("error")}<span>{t("ایمیل یا گذرواژه درست نیست.", "The e-mail or the password is not right.")}</span></p>
      <form class="form" method="post" action="/sign-in">
        <input type="hidden" name="csrf" value="…">
        <div class="field"><label for="email">{t("ایمیل", "E-mail")}</label><input id="email" name="email" type="email" dir="ltr" autocomplete="username" value="sara@chirine.example" required></div>
        <div class="field"><label for="password">{t("گذرواژه", "Password")}</label><input id="password" name="password" type="password" dir="ltr" autocomplete="current-password" required autofocus></div>
        <label class="check"><input type="checkbox" name="stay" value="1"><span>{t("در این دستگاه بمانم", "Stay signed in on this device")}</span></label>
        <button class="button main wide" type="submit">{t("ورود", "Sign in")}</button>
      </form>
      <p class="small quiet">{t("گذرواژه را فراموش کرده‌اید؟ مالک دفتر می‌تواند پیوند تازه بسازد.", "Forgot it? The owner can make you a new link.")}</p>
    </main>
    <footer>{langs(p, "sign-in")}</footer>
  </div>
  <aside class="wall" aria-label="{t("دفتر", "Daftar")}">
      {WALL}
      <div><p class="big">{t("همهٔ مشتریان در یک دفتر،", "All your clients in one book,")}<br>{t("هر کدام در یک ثانیه.", "each of them in a second.")}</p><p>{t("داده‌ها روی همین دستگاه می‌ماند.", "Your data stays on your own machine.")}</p></div>
  </aside>
</div>
</body>
""")


def welcome(p):
    t, icon = p.t, p.icon
    return p.finish(t("خوش آمدید", "Welcome"), f"""<body>
<div class="plain">
  <header>{brand(p)}{langs(p, "welcome")}</header>
  <main class="wide" id="main">
    <div class="page-head"><h1>{t("خوش آمدید. چند پرسش، سپس کار.", "Welcome. A few questions, then to work.")}</h1><p class="lead">{t("همه را بعداً در تنظیمات می‌توانید تغییر دهید.", "You can change all of this later in the settings.")}</p></div>
    <ol class="steps" aria-label="{t("گام‌ها", "Steps")}"><li class="done"><span>{t("ورود", "Account")}</span></li><li aria-current="step"><span>{t("بنگاه", "The firm")}</span></li><li><span>{t("فهرست شما", "Your list")}</span></li></ol>
    <form class="part" method="post" action="/welcome" aria-label="{t("بنگاه", "The firm")}"><input type="hidden" name="csrf" value="…">
      <div class="field"><label for="name">{t("نام کسب‌وکار", "Business name")}<span class="must" aria-hidden="true">*</span></label><input id="name" name="name" dir="auto" required placeholder="{t("مثلاً آتلیه شیرین", "For example Studio Chirine")}"></div>
      <div class="fields">
        <div class="field"><label for="language">{t("زبان", "Language")}</label><select id="language" name="language">{options(["فارسی", "العربية", "Français", "English"], t(0, 3))}</select></div>
        <div class="field"><label for="alphabet">{t("الفبای فهرست‌ها", "Alphabet of lists")}</label><select id="alphabet" name="alphabet">{options(t(["فارسی", "عربی", "فرانسه", "انگلیسی"], ["English", "French", "Persian", "Arabic"]))}</select></div>
        <div class="field"><label for="calendar">{t("تقویم", "Calendar")}</label><select id="calendar" name="calendar">{options(t(["هجری شمسی", "هجری قمری", "میلادی"], ["Gregorian", "Solar Hijri", "Umm al-Qura"]))}</select></div>
        <div class="field"><label for="digits">{t("ارقام", "Digits")}</label><select id="digits" name="digits">{options(t(["۱۲۳ فارسی", "١٢٣ عربی", "123 لاتین"], ["123 Latin", "۱۲۳ Persian", "١٢٣ Arabic-Indic"]))}</select></div>
        <div class="field"><label for="week">{t("نخستین روز هفته", "First day of the week")}</label><select id="week" name="first_weekday">{options(t(["شنبه", "یکشنبه", "دوشنبه"], ["Monday", "Saturday", "Sunday"]))}</select></div>
        <div class="field"><label for="zone">{t("منطقهٔ زمانی", "Time zone")}</label><input id="zone" name="zone" dir="ltr" value="{t("Asia/Tehran", "Europe/Paris")}"></div>
        <div class="field"><label for="currency">{t("واحد پول", "Currency")}</label><select id="currency" name="currency">{options(t(["ریال", "تومان", "یورو"], ["Euro", "US dollar", "Rial"]))}</select></div>
      </div>
      <div class="panel-foot"><button class="button main" type="submit">{t("ادامه", "Continue")}{icon("arrow")}</button></div>
    </form>
  </main>
  <footer></footer>
</div>
</body>
""".replace("<footer></footer>", f'<footer><small class="quiet">{t("داده‌ها روی همین دستگاه می‌ماند.", "Your data stays on your own machine.")}</small></footer>'))


def bin_page(p):
    t, n, icon, b = p.t, p.n, p.icon, p.b
    rows = "\n".join(f"""      <tr>
        <th scope="row"><div class="who">{p.face(name, hue, firm)}<div><b>{b(name)}</b><small>{b(line)}</small></div></div></th>
        <td data-label="{t("چه کسی", "By")}">{b(who)}</td>
        <td class="quiet" data-label="{t("کی", "When")}">{last}</td>
        <td class="acts"><form method="post" action="/bin/{i}/restore"><input type="hidden" name="csrf" value="…"><button class="button small">{icon("restore")}{t("برگردان", "Restore")}</button></form></td>
      </tr>""" for i, (name, line, hue, mark, phone, town, last, who, firm) in enumerate(people(p)[1:4]))
    return p.shell(t("سطل", "Bin"), "bin", f"""
<div class="page-head"><h1>{t("سطل", "Bin")}<span class="count">{n(3)}</span></h1><p class="lead">{t("آنچه حذف شده اینجاست و با همهٔ یادداشت‌ها و تاریخچه‌اش برمی‌گردد.", "What was deleted waits here, and comes back with its notes and history.")}</p></div>
<div class="sheet as-cards">
  <table>
    <thead><tr><th scope="col">{t("نام", "Name")}</th><th scope="col">{t("چه کسی", "Deleted by")}</th><th scope="col">{t("کی", "When")}</th><td></td></tr></thead>
    <tbody>
{rows}
    </tbody>
  </table>
</div>
""", narrow=True)


def search(p):
    t, n, icon, b, ltr = p.t, p.n, p.icon, p.b, p.ltr
    hits = [people(p)[i] for i in (0, 4, 5)]
    texts = [f'<bdi dir="ltr">0912 <mark>345</mark> 6789</bdi>', f'<bdi dir="ltr">06 12 <mark>34 5</mark>6 79</bdi>', f'<bdi dir="ltr">021 88<mark>34</mark> <mark>5</mark>655</bdi>']
    rows = "\n".join(f"""      <tr>
        <th scope="row"><div class="who">{p.face(w[0], w[2], w[8])}<div><a href="client.{p.lang}.html"><b>{b(w[0])}</b></a><small>{b(w[1])}</small></div></div></th>
        <td class="first">{p.mark(w[3])}</td><td class="under">{x}</td><td class="later">{b(w[5])}</td>
      </tr>""" for w, x in zip(hits, texts))
    page = p.shell(t("جستجو", "Search"), "clients", f"""
<div class="page-head"><h1>{t("یافته‌ها برای", "Results for")} {b(n(345))}<span class="count">{n(7)}</span></h1></div>
<div class="sheet rows"><table>
    <thead><tr><th scope="col">{t("نام", "Name")}</th><th scope="col">{t("دسته‌بندی", "Category")}</th><th scope="col">{t("یافت شد در", "Found in")}</th><th scope="col">{t("شهر", "Town")}</th></tr></thead>
    <tbody>
{rows}
    </tbody>
</table></div>
""", query=n(345))
    return page


def empty(p):
    t, icon = p.t, p.icon
    return p.shell(t("مشتریان", "Clients"), "clients", f"""
<div class="page-head"><h1>{t("مشتریان", "Clients")}</h1></div>
<div class="card"><div class="empty">
  <span class="pic">{icon("people")}</span>
  <h2>{t("دفتر شما هنوز خالی است", "Your book is still empty")}</h2>
  <p>{t("فهرستی را که اکنون دارید بیاورید، یا نخستین مشتری را بنویسید.", "Bring the list you have, or write down your first client.")}</p>
  <div class="row"><a class="button" href="import-1.{p.lang}.html">{icon("import")}{t("فهرستم را می‌آورم", "Bring my list")}</a></div>
</div></div>
""")


def search_none(p):
    t, icon = p.t, p.icon
    return p.shell(t("جستجو", "Search"), "clients", f"""
<div class="page-head"><h1>{t("یافته‌ها برای", "Results for")} {p.b("zahmatkesh")}</h1></div>
<div class="card"><div class="empty">
  <span class="pic">{icon("find")}</span>
  <h2>{t("کسی با این نام یا شماره نیست", "Nobody by that name or number")}</h2>
  <p>{t("شاید بخشی از نام یا چند رقم آخر تلفن بهتر باشد.", "Try part of the name, or the last digits of the phone.")}</p>
  <div class="row"><a class="button" href="form.{p.lang}.html">{icon("add")}{t("افزودن", "Add")} {p.b("zahmatkesh")}</a></div>
</div></div>
""", query="zahmatkesh")


def error(p, code, title, text, act, bad=""):
    t, icon = p.t, p.icon
    return p.finish(title, f"""<body>
<div class="plain">
  <header>{brand(p)}</header>
  <main id="main"><div class="fault">
    <p class="code{bad}" aria-hidden="true">{p.n(code)}</p>
    <h1>{title}</h1>
    <p class="quiet">{text}</p>
    <p class="row">{act}</p>
  </div></main>
  <footer><small class="quiet">{t("شمارهٔ درخواست:", "Request:")} {p.ltr("7f3a-19c2")}</small></footer>
</div>
</body>
""")


def all_pages(p):
    t, icon = p.t, p.icon
    back = f'<a class="button main" href="list.{p.lang}.html">{icon("people")}{t("مشتریان", "Clients")}</a>'
    return {
        "list": client_list(p), "list-search": list_search(p), "client": client(p), "form": form(p),
        "import-1": import_1(p), "import-2": import_2(p), "import-3": import_3(p), "import-4": import_4(p), "import-5": import_5(p),
        "history": history(p), "settings-me": settings_me(p), "settings-firm": settings_firm(p), "settings-members": settings_members(p),
        "settings-categories": settings_categories(p), "settings-tags": settings_tags(p), "sign-in": sign_in(p), "welcome": welcome(p),
        "bin": bin_page(p), "search": search(p), "search-none": search_none(p), "empty": empty(p),
        "error-404": error(p, 404, t("اینجا چیزی نیست", "There is nothing here"), t("شاید حذف شده یا نشانی اشتباه است، یا اجازهٔ دیدنش را ندارید.", "It may have been deleted, the address may be wrong, or you may not be allowed to see it."), back),
        "error-403": error(p, 403, t("این کار با نقش شما نمی‌شود", "Your role does not allow this"), t("مالک یا مدیر دفتر می‌تواند نقش شما را تغییر دهد.", "The owner or a manager can change your role."), back),
        "error-500": error(p, 500, t("خطایی از ما رخ داد", "Something went wrong on our side"), t("چیزی نیمه‌کاره ذخیره نشده است. دوباره بکوشید؛ اگر ماند، شمارهٔ درخواست را بفرستید.", "Nothing was half saved. Try again; if it stays, send us the request number."), f'<a class="button main" href="">{icon("undo")}{t("دوباره", "Try again")}</a>', " bad"),
    }
