/**
 * The launcher's own styles. `all: initial` and the importance keep a page's rules out: inside a shadow root an important
 * declaration wins over an important one of the page. The icon is a box with round corners but one: drawn as SVG it costs 120 bytes more.
 * It is all border, and the button has one that cannot be seen: forced colours take backgrounds away and give borders theirs,
 * so both are drawn there without a rule of their own.
 *
 * What reads on the owner's colour is computed from it here: white, or black where the luminance `y` is over 0.18 and
 * white would have less than 4.5 to 1 (WCAG 2.2, 1.4.3). In CSS it costs half of the arithmetic in script, and follows
 * `--caty-primary` too. Twice the white of D65 is white in every gamut; exactly once would be a little red.
 */
const ON = 'clamp(0,(.18 - y)*1e6,2)'

export const LAUNCHER_CSS = `:host{all:initial!important;--a:var(--caty-primary,var(--p));--on:color(from var(--a) xyz ${ON} ${ON} ${ON})}
:host([hidden]){display:none!important}
.l{all:unset;position:fixed;z-index:var(--z);padding:16px 14px;border:2px solid #0000;border-radius:50%;cursor:pointer;background:var(--a);color:var(--on);box-shadow:0 4px 14px #0004}
.l:focus-visible{outline:2px solid var(--a);outline-offset:2px}
.l:before{content:"";display:block;border:solid;border-width:12px 14px;border-radius:9px 9px 9px 2px}`
