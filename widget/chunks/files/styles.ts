/** The look of the attach button, of a file on its way, and of the place to drop one. */
export const FILES_CSS = `.w .at{width:40px;height:40px;display:grid;place-items:center;border-radius:50%;color:var(--soft)}
.w .at:hover{background:var(--in)}
.up{order:-1;width:100%;display:flex;flex-wrap:wrap;align-items:center;gap:4px 8px;font-size:13px;color:var(--soft)}
.up span{flex:1;min-width:60%;overflow-wrap:anywhere}
.up progress{width:100%;height:6px;accent-color:var(--a);order:1}
.dz{position:absolute;inset:0;z-index:1;display:grid;place-items:center;background:var(--bg);opacity:.94;border:2px dashed var(--a);border-radius:inherit;font-weight:600;pointer-events:none}`
