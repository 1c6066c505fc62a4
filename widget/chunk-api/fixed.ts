/** Whether `position: fixed` in the page is fixed to `<html>`, which scrolls, and not to the window: `<html>` is transformed. */
export function isFixedToPage(): boolean {
  const { transform, translate, rotate, scale, perspective, contain, willChange } = getComputedStyle(
    document.documentElement,
  )
  const values = [transform, translate, rotate, scale, perspective, contain, willChange]
  return values.some((value) => value !== 'none' && value !== 'auto')
}
