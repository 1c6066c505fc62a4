/** The look of the bubble; colours and radius follow the same `--caty-*` properties as the panel. */
export const BUBBLE_CSS = `.pb{--bg:#fff;--ink:#1b2128;--line:#e4e7eb;--in:#f2f4f6;all:unset;box-sizing:border-box;position:fixed;z-index:var(--z);max-width:min(300px,calc(100vw - 40px));padding:12px 40px 12px 16px;border:1px solid var(--line);border-radius:var(--caty-radius,16px);background:var(--caty-background,var(--bg));color:var(--caty-text,var(--ink));box-shadow:0 8px 32px #0000002e;font:15px/1.5 system-ui,sans-serif;animation:pb .25s;display:block}
.pb[dir=rtl]{padding:12px 16px 12px 40px}
.pb *{all:unset;box-sizing:border-box}
.pb .pt{display:block;cursor:pointer;overflow-wrap:anywhere}
.pb .pr{display:flex;flex-wrap:wrap;gap:8px;margin-top:8px}
.pb .pa{padding:5px 12px;border:1px solid var(--caty-secondary,currentColor);border-radius:16px;font-size:14px;cursor:pointer}
.pb .pa:hover{background:var(--in)}
.pb .px{position:absolute;top:6px;inset-inline-end:6px;width:28px;height:28px;border-radius:8px;text-align:center;font-size:20px;line-height:28px;cursor:pointer}
.pb .px:hover{background:var(--in)}
.pb :focus-visible{outline:2px solid var(--ink);outline-offset:2px}
@keyframes pb{from{opacity:0;transform:translateY(8px)}}
.pb.dark{--bg:#171b20;--ink:#eceff2;--line:#2d343c;--in:#252b32}
@media(prefers-color-scheme:dark){.pb.auto{--bg:#171b20;--ink:#eceff2;--line:#2d343c;--in:#252b32}}
@media(prefers-reduced-motion:reduce){.pb{animation:none}}`
