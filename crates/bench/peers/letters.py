"""The peers of `letters-*`: the same sheets of the same accounts, QR codes included, by Typst, ReportLab and WeasyPrint.

Reads accounts as tab-separated lines (name, whom, login, code) from the file named first; prints one JSON object a line:
{"peer": …, "layout": "one" | "eight", "letters": …, "seconds": …, "bytes": …}. QR codes are computed by each peer's usual means.
What the file holds is made up.
"""

import io
import json
import sys
import time

SCHOOL = "Collège Jean-Jaurès"
URL = "https://ent.exemple.fr/session/activate?login="
STEPS = [
    "Scannez le code QR avec un téléphone ; ou tapez ent.exemple.fr dans la barre d’adresse d’un navigateur et choisissez « Première connexion ».",
    "Saisissez votre identifiant et votre code d’activation, tels qu’ils sont écrits ci-dessus.",
    "Choisissez un mot de passe d’au moins 12 caractères, que vous êtes seul à connaître.",
    "Lisez la charte d’usage et acceptez-la : votre compte est ouvert.",
]
INTRO = "Votre compte de messagerie est prêt. Il vous permet d’écrire à vos enseignants et de lire ce que l’établissement vous envoie. Voici de quoi l’activer."
BRIEF = "Scannez le code QR, ou allez sur ent.exemple.fr et choisissez « Première connexion ». Saisissez identifiant et code, choisissez un mot de passe, acceptez la charte."


def qr_svg(login):
    import segno

    out = io.BytesIO()
    segno.make_qr(URL + login, error="m").save(out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False)
    return out.getvalue()


def reportlab(accounts, layout, fonts):
    import re

    import segno
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas
    from reportlab.lib.utils import simpleSplit

    for name in ("regular", "bold"):
        pdfmetrics.registerFont(TTFont(name, f"{fonts}/AtkinsonHyperlegibleNext-{name}.ttf"))
    pdfmetrics.registerFont(TTFont("mono", f"{fonts}/AtkinsonHyperlegibleMono-semibold.ttf"))
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1)

    def text(font, size, x, y, words):
        canvas.setFont(font, size)
        canvas.drawString(x * mm, (297 - y) * mm, words)

    def paragraph(font, size, x, y, width, words):
        for line in simpleSplit(words, font, size, width * mm):
            text(font, size, x, y, line)
            y += size * 0.48
        return y

    def qr(login, x, y, side):
        # Its own QR widget takes 20 ms a code: the fastest way there is instead.
        rows = [bytes(row) for row in segno.make_qr(URL + login, error="m").matrix]
        module = side * mm / (len(rows) + 8)
        path = canvas.beginPath()
        for down, row in enumerate(rows):
            for run in re.finditer(b"\x01+", row):
                left, width = x * mm + (run.start() + 4) * module, (run.end() - run.start()) * module
                path.rect(left, (297 - y) * mm - (down + 5) * module, width, module)
        canvas.drawPath(path, stroke=0, fill=1)

    for number, (name, whom, login, code) in enumerate(accounts):
        if layout == "one":
            text("bold", 15, 20, 22, SCHOOL)
            text("bold", 11, 110, 58.5, name)
            text("regular", 11, 110, 62.7, whom)
            text("bold", 20, 20, 110, "Activez votre compte de messagerie")
            y = paragraph("regular", 11, 20, 122, 170, INTRO)
            text("bold", 12, 28, 140, name)
            text("mono", 16, 28, 153, login)
            text("mono", 24, 28, 171, code)
            qr(login, 148, 136, 38)
            y = 195
            for at, step in enumerate(STEPS):
                text("bold", 9, 20, y, str(at + 1))
                y = paragraph("regular", 11, 28, y, 162, step)
            canvas.showPage()
        else:
            cell = number % 8
            x, y = 105 * (cell % 2) + 8, 74.25 * (cell // 2)
            text("bold", 8.5, x, y + 8.5, SCHOOL)
            text("bold", 13, x, y + 16.6, name)
            text("regular", 8.5, x, y + 20.8, whom)
            text("mono", 12, x, y + 31, login)
            text("mono", 18, x, y + 44, code)
            qr(login, x + 60, y + 35.5, 31)
            paragraph("regular", 7.5, x, y + 51, 59, BRIEF)
            if cell == 7:
                canvas.showPage()
    canvas.save()
    return len(out.getvalue())


def typst(accounts, layout, fonts):
    import typst as compiler

    quoted = [[json.dumps(part, ensure_ascii=False) for part in account] for account in accounts]
    cells = []
    for (name, whom, login, code), (*_, plain, _) in zip(quoted, accounts):
        svg = json.dumps(qr_svg(plain).decode(), ensure_ascii=False)
        cells.append(f"({name}, {whom}, {login}, {code}, {svg}),")
    head = f'#set document(title: "Comptes")\n#set text(font: "Atkinson Hyperlegible Next", size: 11pt, lang: "fr")\n#let accounts = (\n' + "\n".join(cells) + "\n)\n"
    mono = '#let mono(size, words) = text(font: "Atkinson Hyperlegible Mono", weight: 600, size: size, words)\n'
    if layout == "one":
        steps = "\n".join(f"+ {step}" for step in STEPS)
        body = f"""#set page(paper: "a4", margin: 20mm)
#for (name, whom, login, code, svg) in accounts {{
  text(size: 15pt, weight: "bold")[{SCHOOL}]
  place(dx: 90mm, dy: 30mm)[*#name* \\ #whom]
  v(75mm)
  text(size: 20pt, weight: "bold")[Activez votre compte de messagerie]
  par[{INTRO}]
  block(fill: rgb("#eef3fa"), radius: 8pt, inset: 8mm, width: 100%)[*#name* #v(2mm) #mono(16pt, login) #v(2mm) #mono(24pt, code)
    #place(top + right, image(bytes(svg), format: "svg", width: 38mm))]
  [
{steps}
]
  pagebreak(weak: true)
}}
"""
    else:
        body = f"""#set page(paper: "a4", margin: 0mm)
#grid(columns: (1fr, 1fr), rows: 74.25mm, ..accounts.map(((name, whom, login, code, svg)) => block(inset: 8mm, width: 100%, height: 100%)[
  #text(size: 8.5pt, weight: "bold")[{SCHOOL}] \\ #text(size: 13pt, weight: "bold", name) \\ #text(size: 8.5pt, whom) \\ #mono(12pt, login) \\ #mono(18pt, code) \\
  #block(width: 59mm, text(size: 7.5pt)[{BRIEF}])
  #place(bottom + right, image(bytes(svg), format: "svg", width: 31mm))]))
"""
    return len(compiler.compile((head + mono + body).encode(), font_paths=[fonts]))


def weasyprint(accounts, layout, fonts):
    from html import escape

    from weasyprint import HTML

    pages = []
    for name, whom, login, code in accounts:
        steps = "".join(f"<li>{step}</li>" for step in STEPS) if layout == "one" else ""
        pages.append(
            f"<section><h2>{SCHOOL}</h2><p class=to><b>{escape(name)}</b><br>{escape(whom)}</p><h1>Activez votre compte</h1>"
            f"<p>{INTRO if layout == 'one' else BRIEF}</p><p class=mono>{escape(login)}</p><p class=mono>{escape(code)}</p>"
            f"{qr_svg(login).decode()}<ol>{steps}</ol></section>"
        )
    style = f"""@font-face{{font-family:A;src:url(file://{fonts}/AtkinsonHyperlegibleNext-regular.ttf)}}
    @font-face{{font-family:M;src:url(file://{fonts}/AtkinsonHyperlegibleMono-semibold.ttf)}}
    @page{{size:A4;margin:20mm}}body{{font:11pt A}}.mono{{font:18pt M}}svg{{width:38mm;height:38mm}}"""
    style += "section{break-after:page}.to{margin-left:90mm}" if layout == "one" else "section{float:left;width:50%;height:60mm}"
    html = f"<html lang=fr><style>{style}</style>{''.join(pages)}</html>"
    return len(HTML(string=html).write_pdf())


def main():
    path, fonts = sys.argv[1:3]
    with open(path, encoding="utf-8") as lines:
        accounts = [line.rstrip("\n").split("\t") for line in lines]
    for name, peer, most in (("Typst", typst, 10_000), ("ReportLab", reportlab, 10_000), ("WeasyPrint", weasyprint, 1000)):
        for layout in ("one", "eight"):
            some = accounts[:most]
            try:
                begun = time.perf_counter()
                size = peer(some, layout, fonts)
            except Exception as error:  # A peer that is not there or fails is left out, with its reason.
                print(f"{name}, {layout}: {error}", file=sys.stderr)
                continue
            seconds = time.perf_counter() - begun
            print(json.dumps({"peer": name, "layout": layout, "letters": len(some), "seconds": seconds, "bytes": size}), flush=True)


main()
