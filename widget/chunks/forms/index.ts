/** The forms chunk: loaded when one is to be shown. */
export { Form } from './form.tsx'
export { FORMS_CSS as CSS } from './styles.ts'
