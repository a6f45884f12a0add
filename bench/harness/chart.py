"""The page's one picture: CPU per event as bars, an SVG that suits light and dark pages."""
from xml.sax.saxutils import escape

STYLE = """text { font: 13px sans-serif; fill: #1f2328; } .bar { fill: #8c959f; } .ours { fill: #0969da; }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .bar { fill: #6e7681; } .ours { fill: #4493f8; } }"""
WIDTH, LEFT, ROW = 820, 430, 26


def bars(title, values):
    """values: label, microseconds, whether it is oddsloom."""
    longest = max(value for _, value, _ in values)
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {ROW * (len(values) + 1) + 8}" role="img">',
             f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>",
             f'<text x="{LEFT}" y="17">{escape(title)}</text>']
    for at, (label, value, ours) in enumerate(values, 1):
        y, width = at * ROW, max(1.0, value / longest * (WIDTH - LEFT - 60))
        kind = "ours" if ours else "bar"
        lines += [f'<text x="{LEFT - 8}" y="{y + 17}" text-anchor="end">{escape(label)}</text>',
                  f'<rect class="{kind}" x="{LEFT}" y="{y + 4}" width="{width:.1f}" height="17" rx="2"/>',
                  f'<text x="{LEFT + width + 6:.1f}" y="{y + 17}">{value:,.1f}</text>']
    return "\n".join(lines + ["</svg>", ""])
