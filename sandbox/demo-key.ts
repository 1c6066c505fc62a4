/** The key of the sandbox. It works at the stand-in only, and its name says so. */
export const DEMO_KEY = 'caty_sandbox_opens_nothing_real_00001'
