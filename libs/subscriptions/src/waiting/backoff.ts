export { backoffMs } from '#kernel';
