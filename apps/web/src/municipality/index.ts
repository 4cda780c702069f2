export { MunicipalityPage } from './municipality.page.js';
