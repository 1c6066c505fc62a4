/** The build and the tests load a stylesheet as its minified text (scripts/build/css-as-text.ts). */
declare module '*.css' {
  const css: string
  export default css
}
