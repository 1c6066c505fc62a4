/** The look of the cards. */
export const PRODUCTS_CSS = `.ps{flex:none;min-width:0}
.w .pl{display:flex;gap:12px;overflow-x:auto;padding:4px 4px 8px;list-style:none;scroll-snap-type:x proximity;scroll-padding:4px;overscroll-behavior-x:contain}
.pc{display:flex;flex-direction:column;gap:4px;width:200px;max-width:85%;flex:none;padding-bottom:12px;border:1px solid var(--line);border-radius:16px;overflow:hidden;background:var(--bg);scroll-snap-align:start}
.pc>:not(.pi){margin:0 12px}
.pi{position:relative;aspect-ratio:4/3;background:var(--in);display:grid;place-items:center;font-size:40px;font-weight:600;color:var(--soft);margin-bottom:4px}
.pi img{position:absolute;width:100%;height:100%;object-fit:cover}
.pb{position:absolute;inset-block-start:8px;inset-inline:8px;display:flex;flex-wrap:wrap;gap:4px}
.pb span{padding:2px 8px;border-radius:10px;background:var(--ink);color:var(--bg);font-size:12px;font-weight:600;line-height:18px}
.pn{font-weight:600;font-size:14px;line-height:1.35}
.pd{font-size:13px;color:var(--soft);line-height:1.4;display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.ra{display:flex;align-items:center;gap:4px;font-size:13px;color:var(--soft)}.w .ra svg{width:14px;height:14px;fill:currentColor}
.pp span{font-weight:600}.pp s{color:var(--soft);font-size:13px;margin-inline-start:8px}.pp .v{font-weight:400}
.pa{display:flex;flex-wrap:wrap;gap:8px;margin-top:auto!important;padding-top:8px}
.pa>*{padding:6px 14px;border:1px solid var(--soft)!important;border-radius:18px;font-size:14px;line-height:1.5;color:var(--ink);text-decoration:none;cursor:pointer}
.w .pa .go{background:var(--a);color:var(--on);border-color:transparent!important;font-weight:600}
.pr{display:flex;gap:8px;justify-content:end;padding:0 4px}
.w .px{width:32px;height:32px;display:grid;place-items:center;border-radius:50%;background:var(--in);color:var(--ink)}
.px[aria-disabled=true]{opacity:.4;cursor:default}
[dir=rtl] .px svg{transform:scaleX(-1)}
@media(forced-colors:active){.pb span,.w .pa .go,.w .px{border:1px solid!important}}`
