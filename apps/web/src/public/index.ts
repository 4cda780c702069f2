export { SchemePage } from './scheme.page.js';
export { SignInPage } from './sign-in.page.js';
