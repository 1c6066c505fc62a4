/**
 * The look of the panel. One scale of space (4 px), one of type, colours by role; the owner's colour comes as `--p` and
 * what reads on it as `--on`. A page may set the documented `--caty-*` properties.
 */
export const PANEL_CSS = `.w{--bg:#fff;--ink:#1b2128;--soft:#5b6672;--line:#e4e7eb;--in:#f2f4f6;--err:#b42318;box-sizing:border-box;position:fixed;z-index:var(--z);width:min(380px,calc(100vw - 40px));height:min(600px,80vh);display:flex;flex-direction:column;overflow:hidden;background:var(--caty-background,var(--bg));color:var(--caty-text,var(--ink));border-radius:var(--caty-radius,16px);box-shadow:var(--caty-shadow,0 12px 48px #0000002e,0 2px 8px #0000001f);font:15px/1.5 system-ui,sans-serif;animation:o .2s;color-scheme:light}
.b{position:absolute;top:-2px;right:-2px;min-width:10px;padding:0 5px;border-radius:10px;background:#b91c1c;color:#fff;font:600 12px/20px system-ui;text-align:center}
.b:empty{display:none}
.l:hover{filter:brightness(1.1)}
.w *{box-sizing:border-box;font:inherit;margin:0}
.w[hidden]{display:none}
.dark{--bg:#171b20;--ink:#eceff2;--soft:#a3adb8;--line:#2d343c;--in:#252b32;--err:#ff9a8f;color-scheme:dark}
@media(prefers-color-scheme:dark){.auto{--bg:#171b20;--ink:#eceff2;--soft:#a3adb8;--line:#2d343c;--in:#252b32;--err:#ff9a8f;color-scheme:dark}}
.bottom-right,.bottom-left{bottom:92px}.top-right,.top-left{top:92px}.bottom-right,.top-right{right:20px}.bottom-left,.top-left{left:20px}
.h{display:flex;align-items:center;gap:12px;padding:16px;background:var(--a);color:var(--on)}
.a{width:40px;height:40px;flex:none;border-radius:50%;display:grid;place-items:center;background:#ffffff2e;font-weight:600;font-size:18px;object-fit:cover}
.n{flex:1;min-width:0;display:grid;line-height:1.3}
.n strong{font-weight:600;font-size:16px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.n span{font-size:13px}
.w button{border:0;cursor:pointer;color:inherit;background:none}
.w svg{width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;display:block}
.w .x{width:36px;height:36px;display:grid;place-items:center;border-radius:8px}
.x:hover{background:#ffffff24}
.w :focus-visible{outline:2px solid var(--ink);outline-offset:2px}
.h :focus-visible{outline-color:var(--on)}
.m{flex:1;min-height:0;position:relative;display:flex}
.g{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;gap:8px}
.w .g:focus-visible{outline-offset:-3px}
.e{max-width:85%;padding:10px 14px;border-radius:16px;overflow-wrap:anywhere;flex:none}
.i{align-self:start;background:var(--in);border-end-start-radius:4px}
.u{align-self:end;background:var(--a);color:var(--on);border-end-end-radius:4px}
.p{white-space:pre-wrap}
.e>*+*{margin-top:8px}
.e strong{font-weight:600}.e em{font-style:italic}
.e ul,.e ol{padding-inline-start:20px}.e ul{list-style:disc}.e ol{list-style:decimal}
.e a,.f a{color:inherit;text-decoration:underline;text-underline-offset:2px}
.e code{font:13px/1.5 ui-monospace,monospace;background:#8883;border-radius:4px;padding:1px 4px}
.t{display:flex;gap:4px;padding:16px 14px}.w .t>*{margin:0}
.t i{width:7px;height:7px;border-radius:50%;background:var(--soft);animation:d 1.2s infinite}.t i:nth-of-type(2){animation-delay:.15s}.t i:nth-of-type(3){animation-delay:.3s}
.v{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.q{display:flex;flex-wrap:wrap;gap:8px;padding-top:4px}
.q>*{padding:6px 14px;border:1px solid var(--soft)!important;border-radius:18px;font-size:14px;color:var(--ink);text-decoration:none;cursor:pointer}
.q>:hover{background:var(--in)!important}
.r{align-self:end;font-size:13px;color:var(--err);text-align:end}
.w .r button{text-decoration:underline;font-weight:600;padding:4px}
.c{display:flex;flex-wrap:wrap;align-items:end;gap:8px;padding:12px;border-top:1px solid var(--line)}
.c textarea{flex:1;min-width:0;resize:none;padding:9px 14px;border:1px solid var(--soft);border-radius:20px;background:var(--bg);color:inherit;font-size:16px;line-height:1.4;max-height:120px}
.c textarea::placeholder{color:var(--soft);opacity:1}
.w .s{width:40px;height:40px;display:grid;place-items:center;border-radius:50%;background:var(--a);color:var(--on)}
textarea:placeholder-shown~.s{background:var(--in)!important;color:var(--soft)!important}
.waiting,.failed{background:none;color:var(--ink);outline:1px dashed var(--soft);outline-offset:-1px}
[dir=rtl] .s svg{transform:scaleX(-1)}
.f{padding:0 12px 8px;font-size:12px;color:var(--soft);text-align:center}
.w.sidebar{top:0;bottom:0;height:100dvh;border-radius:0}
.w.inline{position:static;width:100%}
@keyframes o{from{opacity:0;transform:translateY(8px)}}
@keyframes d{30%{transform:translateY(-4px);opacity:.5}}
@media(max-width:480px){.w:not(.inline){inset:0;width:100%;height:100dvh;border-radius:0}.h{padding-top:max(16px,env(safe-area-inset-top))}.w:last-child{padding-bottom:env(safe-area-inset-bottom)}}
@media(prefers-reduced-motion:reduce){.w,.t i{animation:none}}
@media(forced-colors:active){.w,.e{border:1px solid}.u,.h{border:1px solid}}`
