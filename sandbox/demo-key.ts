/** The key of the sandbox. It opens nothing but the stand-in, and says so. */
export const DEMO_KEY = 'caty_sandbox_opens_nothing_real_00001'
