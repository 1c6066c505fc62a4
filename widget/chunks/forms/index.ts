/** The forms chunk, loaded when a form is to be shown. */
export { Form } from './form.tsx'
export { default as css } from './styles.css'
