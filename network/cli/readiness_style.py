"""How the report of readiness looks, on paper first. The colours are Okabe and Ito's, which people who see few colours tell
apart; what is not known is hatched, so that a copy in black and white says the same."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
@page { size: A4 portrait; margin: 9mm 11mm 10mm;
  @bottom-right { content: counter(page) " / " counter(pages); font: 6.5pt sans-serif; color: #555 } }
* { box-sizing: border-box; margin: 0; padding: 0; print-color-adjust: exact; -webkit-print-color-adjust: exact }
html { background: #fff; color: #16202a }
body { font: 7.3pt/1.28 "Liberation Sans", "DejaVu Sans", Arial, Helvetica, sans-serif; max-width: 188mm; margin: 0 auto }
small { font-size: 6.4pt; color: #4a5560 }
header { display: flex; justify-content: space-between; align-items: flex-end; border-bottom: 1.4pt solid #16324f;
  padding-bottom: 1.6mm }
.kind { text-transform: uppercase; letter-spacing: .06em; color: #16324f; font-size: 7.4pt }
h1 { font-size: 17pt; line-height: 1.1; color: #16324f }
h2 { font-size: 8pt; color: #16324f; margin-bottom: .5mm }
.example { font-size: 7pt; vertical-align: middle; border: .8pt solid #b00; color: #b00; padding: .3mm 1.4mm; border-radius: 1mm }
.moment { text-align: right }
.tiles { display: flex; gap: 2mm; margin: 2.2mm 0 }
.tile { flex: 1 1 0; border: .6pt solid #c5ccd3; border-top: 2pt solid #8a96a3; border-radius: 1mm; padding: 1mm 1.8mm }
.tile b { font-size: 14.5pt; line-height: 1.1; margin-right: 1.2mm }
.tile span { display: block; font-weight: bold } .tile small { display: block }
.tile.ready { border-top-color: #0072b2 } .tile.ready b { color: #0072b2 }
.tile.not_ready { border-top-color: #d55e00 } .tile.not_ready b { color: #d55e00 }
.tile.undecided { border-top-color: #b8860b } .tile.undecided b { color: #8a6508 }
.stage { display: flex; gap: 3mm; align-items: center; padding: .9mm 0; border-bottom: .4pt solid #dfe4e8; break-inside: avoid }
.stage .name { width: 62mm } .stage .bar { margin-bottom: .5mm } .stage .sum { flex: 1 }
.moved { color: #9a4400 }
.bar { display: flex; gap: .4mm; height: 2.6mm; background: #eef1f4 }
.bar i { display: block; flex-basis: 0 }
i.ready { background: #0072b2 } i.waived { background: #56b4e9 } i.not_ready { background: #d55e00 }
i.undecided { background: #b8860b }
.pill { width: 19mm; text-align: center; border-radius: 2.4mm; padding: .4mm 0; font-weight: bold;
  border: .8pt solid; color: #555 }
.pill.ready { color: #0072b2 } .pill.not_ready { color: #d55e00 } .pill.undecided { color: #8a6508 }
.tasks { margin: 1.8mm 0; break-inside: avoid }
table { border-collapse: collapse; width: 100% }
th { text-align: left; font-weight: bold }
.tasks th, .tasks td { padding: .25mm 2mm .25mm 0; vertical-align: top } .tasks th { width: 44mm }
.tasks td:last-child { width: 22mm; text-align: right; padding-right: 0 }
.offices { font-size: 6.9pt; line-height: 1.16 }
.offices thead th { white-space: nowrap; border-bottom: .8pt solid #16324f; padding: .4mm 0; color: #16324f }
.offices td { padding: .34mm 1.6mm .34mm 0; border-bottom: .3pt solid #e6eaee; vertical-align: middle }
.offices tr { break-inside: avoid }
.offices td:nth-child(1) { width: 62mm } .offices td:nth-child(2) { width: 28mm }
.offices td:nth-child(3) { width: 14mm } .offices td:nth-child(4) { width: 19mm; white-space: nowrap }
.offices .group span { font-weight: normal; color: #4a5560; margin-left: 2mm }
.offices .group td { width: auto; font-weight: bold; background: #eef1f4; padding-left: 1mm; break-after: avoid }
.points { white-space: nowrap; font-variant-numeric: tabular-nums }
.score { position: relative; display: flex; height: 2mm; background: #fff; outline: .3pt solid #c5ccd3 }
.score i { display: block; height: 100% }
.score i.open { background: repeating-linear-gradient(135deg, #c5ccd3 0 .35mm, #fff .35mm .9mm) }
.score u { position: absolute; top: -.5mm; bottom: -.5mm; width: 0; border-left: .8pt solid #16202a }
.nothing { color: #6a7681 } span.open { color: #4a5560; font-style: italic }
footer { margin-top: 1.4mm; color: #3c4650; font-size: 6.3pt; line-height: 1.22; break-inside: avoid }
@media screen { body { padding: 8mm 0; font-size: 9pt } .offices { font-size: 8.6pt } }
"""
