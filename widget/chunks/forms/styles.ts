/** The look of the forms, in the panel's own colours, space and type. */
export const FORMS_CSS = `.fo{display:grid;gap:12px;padding:16px;border:1px solid var(--line);border-radius:16px;background:var(--bg);flex:none;animation:o .2s}
.ft{font-weight:600;font-size:16px}
.fo label,.lb{display:block;position:relative;font-size:14px;font-weight:500;padding-bottom:4px}
.fo .op{color:var(--soft);font-size:13px;font-weight:400}
.w .fs+.fs{margin-top:12px}
.fo :is(input:not(.v),textarea){width:100%;padding:8px 12px;border:1px solid var(--soft);border-radius:10px;background:var(--bg);color:inherit;font-size:16px;resize:vertical}
[dir=rtl] .fo input{text-align:right}
.fo [aria-invalid=true]{border-color:var(--err)}
.er{color:var(--err);font-size:13px;padding-top:4px}
.fb,.st{display:flex;gap:8px}
.fb button{padding:8px 16px;border-radius:20px}
.w .fo .go{background:var(--a);color:var(--on);font-weight:600}
.go[aria-disabled=true]{opacity:.7}
.w .li{text-decoration:underline;font-weight:600;padding:4px}
.fo .q{padding-bottom:4px}
.fo .q label{padding:6px 12px;font-weight:400}
.fo .q :has(:checked){background:var(--a)!important;color:var(--on)}
.fo :has(>.v:focus-visible){outline:2px solid;outline-offset:2px}
.w .st svg{width:32px;height:32px;stroke-width:1.5;cursor:pointer}.w .on{fill:currentColor}
@media(forced-colors:active){.fo .q :has(:checked){background:Highlight!important;color:HighlightText;forced-color-adjust:none}.w .fo .go{border:1px solid}}
@media(prefers-reduced-motion:reduce){.fo{animation:none}}`
