"""How the papers look: on A4 first, in black on white."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
@page { size: A4 portrait; margin: 11mm 16mm 12mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 7pt sans-serif; color: #000 } }
* { box-sizing: border-box; margin: 0; padding: 0 }
html { background: #fff; color: #000 }
body { font: 9pt/1.35 "Liberation Sans", Arial, "DejaVu Sans Condensed", sans-serif;
  max-width: 178mm; margin: 0 auto }
header { text-align: center; border-bottom: 1.6pt solid #000; padding-bottom: 2mm; margin-bottom: 2.5mm }
.kind { text-transform: uppercase; letter-spacing: .06em; font-size: 8pt }
h1 { font-size: 14pt; line-height: 1.2; margin: 1mm 0 }
h2 { font-size: 9.5pt; margin: 2.2mm 0 .6mm; break-after: avoid }
.number { font-size: 8.5pt }
.example { border: 1pt solid #000; padding: .2mm 1.6mm; letter-spacing: .1em; font-weight: bold }
.facts { display: grid; grid-template-columns: 1fr 1fr; gap: .6mm 6mm; margin: 2mm 0 }
.facts div:last-child:nth-child(odd) { grid-column: 1 / -1 }
.facts div { display: flex } .facts dt { flex: 0 0 28mm; color: #333 } .facts dd { font-weight: bold; overflow-wrap: anywhere }
.verdict { text-align: center; font-size: 12pt; font-weight: bold; letter-spacing: .05em; border: 1.2pt solid #000;
  padding: 1.4mm; margin: 2.4mm 0 }
.verdict.bad { border-width: 3pt; border-style: double }
table { border-collapse: collapse; width: 100% }
thead { display: table-header-group }
th { text-align: left; border-bottom: 1.2pt solid #000; padding: .8mm 2mm .8mm 0 }
td { border-bottom: .4pt solid #777; padding: .9mm 2mm .9mm 0; vertical-align: top }
tr { break-inside: avoid }
.lines th:last-child, .lines td:last-child { width: 30mm }
tr.short td { font-weight: bold; border-top: 1.2pt solid #000; border-bottom: 1.2pt solid #000 }
tr.waived td:last-child, tr.unknown td:last-child { font-style: italic }
td small { font-weight: normal; color: #222 }
.proof { font-size: 7.6pt; line-height: 1.2 } .proof td:last-child { width: 40mm } .path { overflow-wrap: anywhere }
code { font-family: "Liberation Mono", "DejaVu Sans Mono", monospace; font-size: .95em }
.verdict small { font-size: 8.2pt; font-weight: normal; letter-spacing: 0 }
.proof td, .proof th { padding: .35mm 2mm .35mm 0 }
.searched { font-size: 7.2pt } .searched td:first-child { width: 47mm } .searched td:last-child { width: 16mm; text-align: right }
.things { columns: 2; column-gap: 6mm; font-size: 7pt; line-height: 1.2 }
.things li { margin: 0 0 .4mm; break-inside: avoid }
.hand td:first-child { width: 6mm } .hand td:last-child { width: 38mm; border-left: .4pt solid #777 }
.hand td { padding: .65mm 0 .65mm 1mm }
.plain { list-style: disc; padding-left: 4mm; font-size: 7.6pt; line-height: 1.25 } .plain li { margin: .3mm 0 }
.told { margin: 3mm 0 }
ul { list-style: none } li { margin: .6mm 0 }
.box { display: inline-block; width: 3mm; height: 3mm; border: .8pt solid #000; margin-right: 2mm; vertical-align: -.3mm }
.next { border-left: 2.4pt solid #000; padding-left: 2.5mm; margin: 3mm 0 }
.small { font-size: 7.2pt; line-height: 1.25; margin-top: 1.4mm; color: #222 }
.signatures { display: flex; gap: 10mm; margin-top: 8mm; break-inside: avoid }
.signatures div { flex: 1; border: .8pt solid #000; padding: 2mm 2.5mm; min-height: 34mm; display: flex; flex-direction: column }
.signatures p:first-child { flex: 1; font-weight: bold }
.signatures.low { margin-top: 2.5mm } .signatures.low div { min-height: 27mm }
.line { border-top: .5pt dotted #000; font-size: 7.6pt; padding: .6mm 0 2mm }
@media screen { body { padding: 8mm 0; font-size: 10.5pt } }
"""
