/**
 * The look of the panel. One scale of space (4 px), one of type, colours by role; the owner's colour comes as `--p` and
 * what reads on it as `--on`. A page may set the documented `--caty-*` properties. What only some replies hold brings
 * styles of its own.
 */
export const PANEL_CSS = `.w{--bg:light-dark(#fff,#171b20);--ink:light-dark(#1b2128,#eceff2);--soft:light-dark(#5b6672,#a3adb8);--line:light-dark(#e4e7eb,#2d343c);--in:light-dark(#f2f4f6,#252b32);--err:light-dark(#b42318,#ff9a8f);color-scheme:light dark;position:fixed;z-index:var(--z);inset:8px;max-width:380px;max-height:min(600px,80vh);margin:auto 0 72px;display:flex;flex-direction:column;overflow:hidden;background:var(--caty-background,var(--bg));color:var(--caty-text,var(--ink));border-radius:var(--caty-radius,16px);box-shadow:var(--caty-shadow,0 8px 40px #0004);font:15px/1.5 system-ui,sans-serif;animation:o .2s}
.w.light{color-scheme:light}.w.dark{color-scheme:dark}
.w *{font:inherit;margin:0}
.w,.w *{box-sizing:border-box}
.w[hidden]{display:none}
.l:hover{filter:brightness(1.1)}
.w[class*=top]{margin:72px 0 auto}.w[class*=right]{margin-left:auto}.w[class*=left]{margin-right:auto}
.h{display:flex;align-items:center;gap:12px;padding:16px;background:var(--a);color:var(--on)}
.a{width:40px;height:40px;flex:none;border-radius:50%;display:grid;place-items:center;background:#fff3;font-weight:600;font-size:18px;object-fit:cover}
.n{flex:1;min-width:0;display:grid;line-height:1.3;font-size:13px}
.w strong{font-weight:600}
.n strong{font-size:16px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.w button{border:0;cursor:pointer;color:inherit;background:none}
.w svg{width:20px;height:20px;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.w .x,.w .s{width:40px;height:40px;display:grid;place-items:center;border-radius:50%}
.w :focus-visible{outline:2px solid;outline-offset:2px}
.m{flex:1;min-height:0;position:relative;display:flex}
.g{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:16px;display:flex;flex-direction:column;gap:8px}
.w :is(.g,textarea):focus-visible{outline-offset:-2px}
.e{max-width:85%;padding:10px 14px;border-radius:16px;overflow-wrap:anywhere;flex:none}
.assistant{align-self:start;background:var(--in);border-end-start-radius:4px}
.user{align-self:end;background:var(--a);color:var(--on);border-end-end-radius:4px}
.user p{white-space:pre-wrap}
.e>*+:not(.v+*,i){margin-top:8px}
.w em{font-style:italic}
.w ul,.w ol{padding-inline-start:20px}.w ul{list-style:disc}.w ol{list-style:decimal}
.w a{color:inherit;text-underline-offset:2px}
.w code{font:13px ui-monospace,monospace;background:#8883;border-radius:4px;padding:1px 4px}
.t{display:flex;gap:4px;padding:16px 14px}
.t i{width:7px;height:7px;border-radius:50%;background:var(--soft);animation:d 1.2s infinite}.t i+i{animation-delay:.15s}.t i+i+i{animation-delay:.3s}
.v{position:absolute;clip-path:inset(50%)}
.r{align-self:end;font-size:13px;color:var(--err);text-align:end}
.w .r button{text-decoration:underline;padding:4px}
.waiting,.failed{background:none;color:inherit;outline:1px dashed var(--soft);outline-offset:-1px}
.c{display:flex;flex-wrap:wrap;align-items:end;gap:8px;padding:12px;border-top:1px solid var(--line)}
.c textarea{flex:1;min-width:0;resize:none;padding:8px 14px;border:1px solid var(--soft);border-radius:20px;background:none;color:inherit;font-size:16px;max-height:120px}
.c textarea::placeholder{color:var(--soft);opacity:1}
.w .s{background:var(--a);color:var(--on)}
.w :placeholder-shown~.s{background:var(--in);color:var(--soft)}
[dir=rtl] .s svg{transform:scaleX(-1)}
.f{padding:0 12px 8px;font-size:12px;color:var(--soft);text-align:center}
.w.sidebar{inset:0!important;max-height:none;margin-block:0;border-radius:0}
.w.inline{position:static;max-width:none;height:80vh;margin:0}
@keyframes o{from{opacity:0;transform:translateY(8px)}}
@keyframes d{30%{transform:translateY(-4px);opacity:.5}}
@media(max-width:480px){.w:not(.inline){inset:0!important;max-width:none;max-height:none;height:100dvh;margin:0;border-radius:0;padding:env(safe-area-inset-top) 0 env(safe-area-inset-bottom)}}
@media(max-height:400px){.h,.c{padding:4px 12px}.f{display:none}}
@media(prefers-reduced-motion){.w,.t i{animation:none}}
@media(forced-colors:active){.w,.e,.h{border:1px solid}}`
