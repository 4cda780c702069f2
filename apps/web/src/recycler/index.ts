export { StocksPage } from './stocks.page.js';
