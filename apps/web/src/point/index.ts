export { PointsPage } from './points.page.js';
