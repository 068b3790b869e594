#!/usr/bin/env python3
"""Files of people, firms, papers and goods that are there several times, with the truth in a column.

    bench/linkage_files.py KIND ROWS SEED > file.csv
    bench/linkage_files.py all DIRECTORY          every kind at its usual size

Each kind has the columns and the errors of a published set, written from its description: FEBRL's
generator (letters inserted, left out, exchanged, replaced by keys beside them, by what scanners and
ears take for one another; words split and joined; fields exchanged, emptied), RLdata of the R
package RecordLinkage, Splink's historical people, Fodors and Zagat's restaurants, DBLP and ACM,
Abt and Buy, voters, firms, contacts in several scripts. No row of those sets is in here. The same
seed gives the same file; `daftar duplicates --evaluate` measures it."""
import csv
import os
import random
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
KEYS = {a: b for a, b in zip("qwertyuiopasdfghjklzxcvbnm",
                             "wertyuioposdfghjklkxcvbnmn")}
SCAN = [("m", "rn"), ("l", "1"), ("o", "0"), ("s", "5"), ("b", "8"), ("g", "9"), ("d", "cl"),
        ("u", "v"), ("nn", "m"), ("e", "c")]
SOUND = [("ph", "f"), ("ck", "k"), ("th", "t"), ("ie", "y"), ("c", "k"), ("ou", "u"), ("ee", "ea"),
         ("ll", "l"), ("tt", "t"), ("mm", "m"), ("ei", "ai"), ("v", "w"), ("z", "s"), ("rt", "rd")]


class Dice(random.Random):
    def odds(self, percent):
        return self.random() * 100 < percent

    def zipf(self, values, power=2.5):
        return values[int(self.random() ** power * len(values))]


def word(number, syllables=None):
    """A word that only depends on its number."""
    d = random.Random(number * 7919 + 13)
    parts = syllables or ("ma ri so ne ka ba del fa ho li tan mi ra se vin zo pa gu cha er bro wil "
                          "ston ham ley gre ck ton ford wood den ker son den sha thur mar").split()
    return "".join(d.choice(parts) for _ in range(d.randint(2, 3)))


def words(n, start, syllables=None):
    out, seen = [], set()
    while len(out) < n:
        w = word(start, syllables)
        start += 1
        if w not in seen:
            seen.add(w)
            out.append(w)
    return out


GIVEN = ("james mary john patricia robert jennifer michael linda william elizabeth david barbara "
         "richard susan joseph jessica thomas sarah charles karen daniel lisa matthew nancy anthony "
         "sophie joshua emily lachlan georgia mitchell chloe benjamin isabella harry olivia jack "
         "ella samuel hannah ruby lily charlotte grace alexandra caitlin lucy bailey nicholas luke "
         "jacob ethan dylan jordan zachary kayla jasmine holly mia abbey madison amber tyler riley "
         "christopher alexander catherine margaret edward henry george frederick alice florence "
         "arthur ernest walter albert harold ethel edith agnes ada martha jane ann").split()
NICK = dict(robert="bob", william="bill", richard="dick", elizabeth="liz", margaret="peggy",
            thomas="tom", michael="mike", james="jim", edward="ted", charles="charlie",
            christopher="chris", alexander="alex", catherine="kate", nicholas="nick",
            samuel="sam", joseph="joe", benjamin="ben", daniel="dan", anthony="tony", david="dave")
GERMAN_GIVEN = ("michael andreas peter thomas wolfgang stefan frank bernd juergen klaus uwe werner "
                "dieter manfred guenther hans karl heinz gerd gerhard horst kurt rolf ralf joerg "
                "martin christian markus matthias sabine petra monika ursula renate gisela helga "
                "karin brigitte ingrid erika christa ursel heike andrea susanne birgit gabriele "
                "martina claudia kerstin anja silke katrin nicole stefanie ute jutta elke anke "
                "carsten").split()
GERMAN_FAMILY = ("mueller schmidt schneider fischer weber meyer wagner becker schulz hoffmann "
                 "schaefer koch bauer richter klein wolf schroeder neumann schwarz zimmermann braun "
                 "krueger hofmann hartmann lange schmitt werner schmitz krause meier lehmann schmid "
                 "schulze maier koehler herrmann koenig walter mayer huber kaiser fuchs peters lang "
                 "scholz moeller weiss jung hahn schubert vogel friedrich keller guenther frank "
                 "berger winkler roth beck lorenz baumann franke albrecht schuster simon ludwig "
                 "boehm winter kraus martin schumacher kraemer vogt stein jaeger otto sommer gross "
                 "seidel heinrich brandt haas schreiber graf schulte dietrich ziegler kuhn kuehn "
                 "pohl engel horn busch bergmann thomas voigt sauer arnold wolff pfeiffer").split()
FAMILY = ("smith jones taylor brown williams wilson johnson davies robinson wright thompson evans "
          "walker white roberts green hall wood jackson clarke").split() + words(4000, 100)
STREETS = words(3000, 9000)
ROAD = "street place crescent avenue road close court circuit drive parade way lane".split()
TOWNS = words(900, 20000)
JOBS = ("politician writer painter farmer teacher lawyer engineer priest actor composer sailor "
        "soldier physician judge merchant poet architect cricketer banker photographer").split()
DOMAINS = "gmail.com yahoo.com hotmail.com example.org mail.com smith.net jones.biz".split()


def slip(d, s, kinds="idstkop"):
    """One error as FEBRL's generator makes them."""
    if not s:
        return s
    kind, at = d.choice(kinds), d.randrange(len(s))
    digit = s[at].isdigit()
    letter = d.choice("0123456789") if digit else d.choice("abcdefghijklmnopqrstuvwxyz")
    if kind == "i":
        return s[:at] + letter + s[at:]
    if kind == "d" and len(s) > 2:
        return s[:at] + s[at + 1:]
    if kind == "t" and at + 1 < len(s):
        return s[:at] + s[at + 1] + s[at] + s[at + 2:]
    if kind == "k" and s[at] in KEYS:
        return s[:at] + KEYS[s[at]] + s[at + 1:]
    if kind in "op" and not digit:
        table = SCAN if kind == "o" else SOUND
        hits = [(x, y) for x, y in table if x in s] + [(y, x) for x, y in table if y in s]
        if hits:
            return s.replace(*d.choice(hits), 1)
    return s[:at] + letter + s[at + 1:]


def split_or_join(d, s):
    if " " in s:
        return s.replace(" ", "", 1)
    if len(s) > 5:
        at = d.randint(2, len(s) - 2)
        return s[:at] + " " + s[at:]
    return s


def date(d, first=1900, last=1999):
    return (d.randint(first, last), d.randint(1, 12), d.randint(1, 28))


def write(header, rows):
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(header)
    out.writerows(rows)


def shuffled(d, rows):
    d.shuffle(rows)
    return rows


# --- FEBRL ---

FEBRL = ("rec_id given_name surname street_number address_1 address_2 suburb postcode state "
         "date_of_birth soc_sec_id").split()


def febrl_person(d):
    town = d.randrange(700)
    state = "nsw vic qld wa sa tas act nt".split()[town * 7 % 11 % 8]
    p = [d.zipf(GIVEN, 1.5), d.zipf(FAMILY, 2), str(int(d.random() ** 2 * 250) + 1),
         d.zipf(STREETS, 1.6) + " " + d.choice(ROAD),
         d.choice(["", "", "villa ", "the "]) and "" or d.zipf(TOWNS) + d.choice([" park", " farm", ""]),
         TOWNS[town], str(2000 + town * 9 % 5000), state, "%04d%02d%02d" % date(d),
         "%07d" % d.randrange(1000000, 9999999)]
    for i, missing in enumerate((2, 1, 4, 2, 55, 1, 0, 3, 6, 0)):
        if d.odds(missing):
            p[i] = ""
    return p


def febrl_again(d, p, most_field, most_record):
    q, left = list(p), d.randint(1, most_record)
    while left > 0:
        i = d.choice((0, 0, 1, 1, 2, 3, 3, 4, 5, 5, 6, 7, 8, 8, 9))
        for _ in range(min(left, d.randint(1, most_field))):
            left -= 1
            if d.odds(6):
                q[i] = ""
            elif i in (0, 1) and d.odds(8):
                q[0], q[1] = q[1], q[0]
            elif i in (3, 4, 5) and d.odds(6):
                j = d.choice([j for j in (3, 4, 5) if j != i])
                q[i], q[j] = q[j], q[i]
            elif i in (1, 3, 4, 5) and d.odds(15):
                q[i] = split_or_join(d, q[i])
            elif i == 7:
                q[i] = d.choice("nsw vic qld wa sa tas act nt".split()) if d.odds(50) else slip(d, q[i])
            elif i in (2, 8, 9) or d.odds(92):
                q[i] = slip(d, q[i])
            else:
                q[i] = febrl_person(d)[i]
    return q


def febrl(d, n, share, most_again, most_field, most_record):
    rows, originals = [], n - int(n * share)
    people = [febrl_person(d) for _ in range(originals)]
    for i, p in enumerate(people):
        rows.append(["rec-%d-org" % i] + p)
    pool, again = list(range(originals)), n - originals
    d.shuffle(pool)
    while again:
        i = pool.pop()
        times = 1
        while times < most_again and d.odds(45):
            times += 1
        for k in range(min(times, again)):
            rows.append(["rec-%d-dup-%d" % (i, k)] + febrl_again(d, people[i], most_field, most_record))
            again -= 1
    write(FEBRL, shuffled(d, rows))


# --- RLdata: the date in three columns, few columns at all ---

def rldata(d, n, header=None):
    rows, people = [], []
    for i in range(n - n // 10):
        given, family = d.zipf(GERMAN_GIVEN, 1.6), d.zipf(GERMAN_FAMILY + words(400, 50000), 2)
        p = [given.upper(), d.choice(GERMAN_GIVEN).upper() if d.odds(14) else "", family.upper(),
             d.choice(GERMAN_FAMILY).upper() if d.odds(2) else ""]
        people.append(p + list(map(str, date(d, 1920, 2009))))
        rows.append(people[-1] + [str(i)])
    for i in d.sample(range(len(people)), n // 10):
        q = list(people[i])
        for _ in range(1 if d.odds(85) else 2):
            c = d.choice((0, 0, 2, 2, 2, 4, 5, 6, 1))
            if c >= 4:
                q[c] = str(max(1, int(slip(d, q[c], "s") or 1)))
            elif c == 1:
                q[c] = d.choice(GERMAN_GIVEN).upper() if not q[c] or d.odds(30) else ""
            else:
                q[c] = slip(d, q[c].lower(), "idstop").upper()
        rows.append(q + [str(i)])
    write(header or "fname_c1 fname_c2 lname_c1 lname_c2 by bm bd ent_id".split(),
          shuffled(d, rows))


# --- Splink ---

def historical(d, n):
    """full_name holds the others, first_and_surname too; one to twenty rows each."""
    header = ("unique_id cluster full_name first_and_surname first_name surname dob birth_place "
              "postcode_fake gender occupation").split()
    rows, who = [], 0
    while len(rows) < n:
        who += 1
        first, middle, last = d.zipf(GIVEN, 2), d.zipf(GIVEN, 1.2), d.zipf(FAMILY, 2)
        has_middle, title = d.odds(45), ", %dth baronet" % d.randint(2, 12) if d.odds(8) else ""
        born, town = date(d, 1700, 1930), d.zipf(TOWNS, 2)
        code = "%s%d %d%s" % (town[:2], d.randint(1, 30), d.randint(1, 9), d.choice("ab") + d.choice("jdxy"))
        sex, job = "female" if d.odds(20) else "male", d.zipf(JOBS, 1.7)
        for k in range(min(20, int(d.expovariate(0.14)) + 1)):
            f, l, m = first, last, middle if has_middle and not d.odds(30) else ""
            b, t, c, o = born, town, code, job
            if k:
                if d.odds(12):
                    f = NICK.get(f, f[0])
                elif d.odds(14):
                    f = slip(d, f)
                if d.odds(14):
                    l = slip(d, l)
                if d.odds(3):
                    f, l = l, f
                if d.odds(4) and m:
                    f, m = m, ""
                if d.odds(20):
                    b = (b[0] + d.randint(-2, 2), b[1], b[2]) if d.odds(50) else (b[0], 1, 1)
                if d.odds(25):
                    c = slip(d, c, "dst")
                if d.odds(12):
                    t = d.zipf(TOWNS, 2)
                if d.odds(15):
                    o = d.zipf(JOBS, 1.7)
            full = " ".join(x for x in (f, m, l) if x) + (title if d.odds(70) else "")
            row = ["Q%d-%d" % (who, k), "Q%d" % who, full, f + " " + l, f, l, "%04d-%02d-%02d" % b,
                   t, c, sex, o]
            for i, missing in ((6, 18), (7, 25), (8, 22), (9, 10), (10, 30)):
                if d.odds(missing):
                    row[i] = ""
            if d.odds(2):
                row[5], row[3] = "", f
                row[2] = f
            rows.append(row)
    write(header, shuffled(d, rows[:n]))


def fake(d, n):
    rows, who = [], 0
    while len(rows) < n:
        first, last, born, town = d.zipf(GIVEN, 1.5), d.zipf(FAMILY, 2), date(d, 1940, 2005), d.zipf(TOWNS[:80], 3)
        email = "%s.%s@%s" % (first, last, d.choice(DOMAINS)) if d.odds(50) else "%s%d@%s" % (first, d.randint(1, 99), word(d.randrange(9999)) + ".com")
        for k in range(d.randint(1, 6)):
            row = [len(rows), first, last, "%04d-%02d-%02d" % born, town, email, who]
            if k:
                if d.odds(15):
                    row[1] = NICK.get(first, slip(d, first))
                if d.odds(15):
                    row[2] = slip(d, last)
                if d.odds(15):
                    row[3] = "%04d-%02d-%02d" % (born[0], born[2] if born[2] < 13 else born[1], born[1]) if d.odds(30) else slip(d, row[3], "s")
                if d.odds(12):
                    row[4] = slip(d, town)
                if d.odds(15):
                    row[5] = slip(d, email)
                if d.odds(5):
                    row[1], row[2] = row[2], row[1]
            for i in range(1, 6):
                if d.odds(18):
                    row[i] = ""
            rows.append(row)
        who += 1
    write("unique_id first_name surname dob city email cluster".split(), shuffled(d, rows[:n]))


# --- restaurants, papers, goods ---

def restaurants(d, n):
    kinds = "american italian french chinese japanese seafood steakhouses delis mexican thai californian bbq cafes".split()
    cities = ["new york", "los angeles", "san francisco", "atlanta", "las vegas", "chicago"]
    rows = []
    for i in range(n - n // 8):
        name = " ".join(x for x in (d.choice(["", "cafe", "le", "la", "chez", "the", ""]), word(d.randrange(3000) + 70000),
                        d.choice(["", "", "grill", "restaurant", "cafe", "bistro", "kitchen", "house"])) if x)
        street = "%d %s%s" % (d.randint(1, 9900), d.choice(["", "", "s. ", "n. ", "w. ", "e. "]), d.zipf(STREETS[:300]) + " ")
        road = d.choice(["st.", "ave.", "blvd.", "rd.", "dr."])
        city = d.randrange(6)
        area = (212, 310, 415, 404, 702, 312)[city]
        phone = "%d/%03d-%04d" % (area, d.randint(200, 999), d.randrange(10000))
        rows.append([name, street + road, cities[city], phone, d.choice(kinds), i])
        if len(rows) >= n or not d.odds(15):
            continue
        other = list(rows[-1])
        if d.odds(25):
            other[0] = d.choice([name + " on " + street.split()[-1], name.replace("cafe ", ""), slip(d, name), name.split()[-1], name + " the"])
        if d.odds(50):
            other[1] = street + {"st.": "street", "ave.": "ave", "blvd.": "blvd", "rd.": "road", "dr.": "drive"}[road] + d.choice(["", " between 2nd and 3rd aves.", ""])
        if d.odds(20):
            other[2] = d.choice(["brooklyn", "santa monica", "w. hollywood", "studio city", "beverly hills", "los angeles"])
        other[3] = phone.replace("/", "-") if d.odds(93) else "%d-%03d-%04d" % (area, d.randint(200, 999), d.randrange(10000))
        other[4] = d.choice(kinds) + d.choice(["", " (new)", " (classic)"])
        rows.append(other)
    write("name addr city phone type class".split(), shuffled(d, rows))


def papers(d, n):
    topic = words(700, 80000) + "database query efficient mining data web xml of for in the a and using".split() * 30
    people = [(d.choice(GIVEN), d.zipf(FAMILY, 1.3)) for _ in range(n // 2)]
    venues = [("SIGMOD Conference", "International Conference on Management of Data"), ("VLDB", "Very Large Data Bases"),
              ("ACM Trans. Database Syst.", "ACM Transactions on Database Systems (TODS)"),
              ("SIGMOD Record", "ACM SIGMOD Record"), ("VLDB J.", "The VLDB Journal &mdash; The International Journal on Very Large Data Bases")]
    rows, who = [], 0
    while len(rows) < n:
        who += 1
        title = [d.choice(topic) for _ in range(d.randint(4, 11))]
        if d.odds(4):
            title = d.choice([["editorial"], ["guest", "editorial"], ["book", "reviews"], ["reminiscences", "on", "influential", "papers"]])
        authors, venue, year = d.sample(people, d.randint(1, 5)), d.choice(venues), d.randint(1994, 2003)
        rows.append(["dblp/%d" % who, " ".join(title).capitalize(), ", ".join((a + " " + b).title() for a, b in authors), venue[0], year, who])
        if d.odds(85):
            t = list(title)
            if d.odds(10):
                t[d.randrange(len(t))] = slip(d, t[0])
            names = [(a[0] + ". " if d.odds(25) else a + " ") + (d.choice("abcdef") + ". " if d.odds(15) else "") + b for a, b in authors]
            if d.odds(8):
                d.shuffle(names)
            rows.append([str(300000 + who), " ".join(t), ", ".join(names).title() if d.odds(97) else "", venue[1], year, who])
    write("id title authors venue year truth".split(), shuffled(d, rows[:n]))


def goods(d, n):
    """Abt and Buy: a name with a model number, a description that only one side has, a price."""
    makers = "sony panasonic samsung canon bose yamaha linksys netgear lg toshiba sharp denon pioneer garmin frigidaire".split()
    things = "lcd hdtv|digital camera|speaker system|cordless phone|router|home theater|mp3 player|refrigerator|camcorder|headphones|receiver|printer".split("|")
    rows, who = [], 0
    while len(rows) < n:
        who += 1
        maker, thing, color = d.choice(makers), d.choice(things), d.choice("black white silver red blue".split())
        model = "".join(d.choice("abcdefghjklmnpqrstuvwxyz") for _ in range(d.randint(2, 4))) + str(d.randint(10, 9999)) + d.choice(["", "b", "s", "w"])
        price = d.randint(20, 2500)
        name = "%s %s %s" % (maker.title(), color, thing) if d.odds(30) else "%s %d' %s" % (maker.title(), d.randint(15, 60), thing)
        text = " ".join(d.choice(["high", "performance", "with", "remote", "digital", "compact", thing, color, "zoom", "dolby", "usb", "inch"]) for _ in range(d.randint(6, 20)))
        rows.append(["a%d" % who, "%s - %s" % (name, model.upper()), "%s %s/ %s" % (name, model.upper(), text), "$%d.00" % price if d.odds(60) else "", maker if d.odds(40) else "", who])
        if d.odds(90):
            m = model.upper() if d.odds(80) else model.upper()[:3] + "-" + model.upper()[3:]
            words_ = [maker.title(), m, thing.title(), color.title() if d.odds(40) else ""]
            if d.odds(40):
                words_[1:3] = [words_[2], "- " + m]
            rows.append(["b%d" % who, " ".join(x for x in words_ if x), text[:40] if d.odds(55) else "", "$%d.%02d" % (price * d.uniform(0.85, 1.05), d.randrange(100)) if d.odds(50) else "", maker.title(), who])
    write("id name description price manufacturer truth".split(), shuffled(d, rows[:n]))


# --- registers ---

def voters(d, n):
    rows, who = [], 0
    while len(rows) < n:
        who += 1
        town = d.randrange(60)
        p = [d.zipf(GIVEN, 1.4), d.zipf(GIVEN, 1.2) if d.odds(85) else "", d.zipf(FAMILY, 1.8), str(d.randint(18, 95)),
             d.choice("mf"), "%d %s %s" % (d.randint(1, 9000), d.zipf(STREETS[:600]), d.choice("st rd dr ln ct ave".split())), str(27000 + town * 11)]
        rows.append(["%012d" % who] + p)
        while d.odds(20) and len(rows) < n:
            q = list(p)
            for _ in range(d.randint(1, 3)):
                c = d.choice((0, 1, 1, 2, 2, 3, 5, 5, 6))
                if c == 1:
                    q[1] = q[1][:1] if d.odds(70) else ""
                elif c == 3:
                    q[3] = str(int(p[3]) + d.choice((1, 1, 2)))
                elif c == 5 and d.odds(50):
                    q[5] = "%d %s %s" % (d.randint(1, 9000), d.zipf(STREETS[:600]), "rd")
                    q[6] = str(27000 + d.randrange(60) * 11)
                elif c == 2 and p[4] == "f" and d.odds(20):
                    q[2] = d.zipf(FAMILY, 1.8)
                elif c == 0 and d.odds(40):
                    q[0] = NICK.get(q[0], q[0])
                else:
                    q[c] = slip(d, q[c])
            rows.append(["%012d" % who] + q)
    write("voter_id first_name middle_name last_name age sex street_address zip_code".split(), shuffled(d, rows[:n]))


def firms(d, n):
    forms = [("Ltd", "Limited"), ("Inc.", "Incorporated"), ("GmbH", "Gesellschaft mbH"), ("SARL", "S.A.R.L."), ("LLC", "L.L.C."), ("S.A.", "SA"), ("", "")]
    trade = "trading construction foods logistics pharma textile consulting software motors energy services group holding international".split()
    rows, who = [], 0
    while len(rows) < n:
        who += 1
        name, form, town = word(d.randrange(5000) + 90000).title() + " " + d.zipf(trade, 1.5).title(), d.choice(forms), d.zipf(TOWNS[:200], 2)
        country = "France Germany Iran Morocco UK USA".split()[len(town) * 7 % 6]
        p = [name + " " + form[0], "%d %s %s" % (d.randint(1, 300), d.zipf(STREETS), d.choice(ROAD)), town, country,
             "+%d %d" % (len(country) + 30, d.randrange(10 ** 8, 10 ** 9)), "www.%s.com" % name.split()[0].lower() if d.odds(60) else "", "%s%08d" % (country[:2].upper(), d.randrange(10 ** 8)) if d.odds(35) else ""]
        rows.append(p + [who])
        while d.odds(25) and len(rows) < n:
            q = list(p)
            r = d.random()
            q[0] = name + " " + form[1] if r < 0.3 else name.upper() if r < 0.5 else slip(d, name.lower()) + " " + form[0] if r < 0.7 else name.split()[0] + " " + form[0] if r < 0.8 else q[0]
            if d.odds(30):
                q[1] = "%d %s %s" % (d.randint(1, 300), d.zipf(STREETS), d.choice(ROAD)) if d.odds(40) else slip(d, q[1])
            if d.odds(30):
                q[4] = "+%d %d" % (len(country) + 30, d.randrange(10 ** 8, 10 ** 9)) if d.odds(50) else "0" + q[4].split()[1]
            for i, missing in ((1, 15), (2, 10), (4, 25), (5, 40), (6, 60)):
                if d.odds(missing):
                    q[i] = ""
            rows.append(q + [who])
    write("company,address,city,country,tel,website,vat,truth".split(","), shuffled(d, rows[:n]))


def contacts(d, n):
    """Names in Arabic letters and their Latin spellings; headers in Persian; nothing is unique."""
    path = os.path.join(HERE, "..", "..", "shared", "data", "names", "arabic_given_names.csv")
    names = []
    if os.path.exists(path):
        for row in list(csv.reader(open(path, encoding="utf-8")))[1:]:
            arabic = [c for c in row if c and "\u0600" <= c[0] <= "\u06ff"]
            latin = [x.strip() for c in row for x in c.replace("|", ";").split(";") if x and x[0].isascii() and x[0].isalpha() and len(x) > 2 and x.lower() not in ("male", "female")]
            if arabic and latin:
                names.append((arabic[0], latin))
    names = names or [("محمد", ["Mohammad", "Mohamed"]), ("فاطمة", ["Fatima", "Fatemeh"]), ("حسین", ["Hossein"])]
    towns = [("تهران", "Tehran"), ("اصفهان", "Esfahan"), ("شیراز", "Shiraz"), ("تبریز", "Tabriz"), ("مشهد", "Mashhad"), ("قم", "Qom")]
    rows, who = [], 0
    digits = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
    while len(rows) < n:
        who += 1
        given, family, town = d.choice(names), d.choice(names), d.choice(towns)
        phone, born = "+98912%07d" % d.randrange(10 ** 7), (d.randint(1320, 1390), d.randint(1, 12), d.randint(1, 29))
        for k in range(2 if d.odds(20) else 1):
            latin = d.odds(25)
            f = d.choice(given[1]) if latin else given[0].replace("ي", "ی" if d.odds(50) else "ي")
            l = d.choice(family[1]) if latin else family[0]
            if k and d.odds(20):
                l = slip(d, l, "dt")
            p = phone if not k or d.odds(60) else "+98912%07d" % d.randrange(10 ** 7)
            p = p.replace("+98", d.choice(["+98", "0098", "0"]))
            b = born if not k or d.odds(85) else (born[0], born[1], d.randint(1, 29))
            row = [f, l, p.translate(digits) if d.odds(40) else p, town[1] if latin else town[0], b[0], b[1], b[2], who]
            if d.odds(30):
                row[2] = ""
            if d.odds(15):
                row[4] = row[5] = row[6] = ""
            rows.append(row)
    write(["نام", "نام خانوادگی", "تلفن همراه", "شهر", "سال تولد", "ماه تولد", "روز تولد", "کد"], shuffled(d, rows[:n]))


def clients(d, n):
    """A shop's list in French: the name twice over, the date in three columns, two streets."""
    rows, who = [], 0
    while len(rows) < n:
        who += 1
        first, last, town = d.zipf(GIVEN, 1.5).title(), d.zipf(FAMILY, 2).upper(), d.zipf(TOWNS[:300], 2).title()
        b, street = date(d, 1930, 2004), "%d rue %s" % (d.randint(1, 200), d.zipf(STREETS).title())
        code, phone, mail = "%05d" % (sum(map(ord, town)) * 37 % 95000 + 1000), "0%09d" % d.randrange(6 * 10 ** 8, 8 * 10 ** 8), "%s.%s@%s" % (first.lower(), last.lower(), d.choice(DOMAINS))
        for k in range(2 if d.odds(15) else 1):
            f, l, s, c, t, p, m, x = first, last, street, code, town, phone, mail, b
            if k:
                f = slip(d, f.lower()).title() if d.odds(20) else f
                l = d.zipf(FAMILY, 2).upper() if d.odds(10) else slip(d, l.lower()).upper() if d.odds(20) else l
                if d.odds(25):
                    t = d.zipf(TOWNS[:300], 2).title()
                    s, c = "%d rue %s" % (d.randint(1, 200), d.zipf(STREETS).title()), "%05d" % (sum(map(ord, t)) * 37 % 95000 + 1000)
                p = "0%09d" % d.randrange(6 * 10 ** 8, 8 * 10 ** 8) if d.odds(25) else p
                m = "%s%s@%s" % (f[0].lower(), l.lower(), d.choice(DOMAINS)) if d.odds(25) else m
                x = (b[0], b[2] if b[2] < 13 else b[1], b[1]) if d.odds(10) else b
            row = [l + " " + f, f, l, s, c, t, "%s, %s %s" % (s, c, t), p, m, x[2], x[1], x[0], "client", "", who]
            for i, missing in ((7, 25), (8, 35), (3, 15)):
                if d.odds(missing):
                    row[i] = ""
                    if i == 3:
                        row[6] = "%s %s" % (c, t)
            if d.odds(30):
                row[9] = row[10] = row[11] = ""
            rows.append(row)
    write(["Nom complet", "Prénom", "Nom", "Adresse", "Code postal", "Ville", "Adresse complète", "Téléphone", "E-mail",
           "Jour de naissance", "Mois de naissance", "Année de naissance", "Type", "Remarque", "vérité"], shuffled(d, rows[:n]))


KINDS = {  # maker, usual sizes, truth column
    "febrl2": (lambda d, n: febrl(d, n, 0.2, 5, 2, 4), (5000,), "febrl"),
    "febrl4": (lambda d, n: febrl(d, n, 0.5, 1, 2, 4), (10000,), "febrl"),
    "febrl_hard": (lambda d, n: febrl(d, n, 0.6, 9, 3, 10), (20000,), "febrl"),
    "rldata": (rldata, (500, 10000), "ent_id"),
    "historical": (historical, (5000, 50000), "cluster"),
    "fake": (fake, (1000, 20000), "cluster"),
    "restaurants": (restaurants, (864,), "class"),
    "papers": (papers, (4900,), "truth"),
    "goods": (goods, (2170,), "truth"),
    "voters": (voters, (2000, 20000), "voter_id"),
    "firms": (firms, (1500, 10000), "truth"),
    "contacts": (contacts, (800, 10000), "کد"),
    "clients": (clients, (3000, 30000), "vérité"),
}


def main():
    kind = sys.argv[1]
    if kind != "all":
        KINDS[kind][0](Dice(int(sys.argv[3])), int(sys.argv[2]))
        return
    os.makedirs(sys.argv[2], exist_ok=True)
    for kind, (make, sizes, truth) in KINDS.items():
        for n in sizes:
            path = os.path.join(sys.argv[2], "%s-%d.csv" % (kind, n))
            with open(path, "w", encoding="utf-8", newline="") as sys.stdout:
                make(Dice(7), n)
            sys.stdout = sys.__stdout__
            print("%s\t%s" % (path, truth))


main()
