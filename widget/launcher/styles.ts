/**
 * The launcher's own styles. `all: initial` and the importance keep a page's rules out: inside a shadow root an important
 * declaration wins over an important one of the page. The icon is a clipped box: drawing it as SVG costs 80 bytes more.
 */
export const LAUNCHER_CSS = `:host{all:initial!important}
:host([hidden]){display:none!important}
.l{all:unset;position:fixed;z-index:var(--z);width:60px;height:60px;border-radius:50%;display:grid;place-items:center;cursor:pointer;background:var(--caty-primary,var(--p));color:var(--on);box-shadow:0 4px 16px #0004}
.l:hover{filter:brightness(1.1)}
.l:focus-visible{outline:3px solid var(--caty-primary,var(--p));outline-offset:3px}
.l:before{content:"";width:28px;height:28px;background:currentColor;clip-path:path("M6 2h16a5 5 0 0 1 5 5v9a5 5 0 0 1-5 5h-8l-7 6v-6H6a5 5 0 0 1-5-5V7a5 5 0 0 1 5-5z")}
.b{position:absolute;top:-2px;right:-2px;min-width:10px;padding:0 5px;border-radius:10px;background:#b91c1c;color:#fff;font:600 12px/20px system-ui;text-align:center}
.b:empty{display:none}
@media(forced-colors:active){.l{border:2px solid}.l:before{forced-color-adjust:none;background:ButtonText}}`
