export { Bell, pause } from '#kernel';
