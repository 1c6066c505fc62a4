/** The look of what stands beside a message. Quiet until somebody reaches for it; on a touch screen always there. */
export const DETAILS_CSS = `.x:hover{background:#fff3!important}
.dy{align-self:center;margin:8px 0 4px;padding:2px 12px;border-radius:12px;background:var(--in);color:var(--soft);font-size:12px}
.mt{display:flex;align-items:center;gap:2px;min-height:24px;margin-top:-6px;font-size:12px;color:var(--soft)}
.mu{align-self:end;flex-direction:row-reverse}
.mt time{padding-inline:4px}
.w .mt button{width:24px;height:24px;display:grid;place-items:center;border-radius:6px;color:var(--soft)}
.w .mt button:hover,.w .mt [aria-pressed=true]{background:var(--in);color:var(--ink)}
.w .mt svg{width:15px;height:15px}
.mt [aria-pressed=true] path{fill:currentColor;fill-opacity:.25}
.dn{display:flex;transform:rotate(180deg)}
@media(hover:hover){.mt button{opacity:0;transition:opacity .15s}.e:hover+.mt button,.mt:hover button,.mt:focus-within button,.mt:has([aria-pressed=true]) button,.mt:last-child button{opacity:1}}
.w .nw{position:absolute;bottom:12px;inset-inline:0;margin:auto;width:fit-content;padding:6px 14px;border-radius:16px;background:var(--ink);color:var(--bg);font-size:13px;box-shadow:0 2px 8px #0003;animation:o .2s}
.ct{order:3;width:100%;font-size:12px;color:var(--soft);text-align:end}
@media(prefers-reduced-motion:reduce){.w .nw{animation:none}.mt button{transition:none}}
@media(forced-colors:active){.w .nw,.dy{border:1px solid}}`
