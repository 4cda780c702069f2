import { START } from '#event-store';
import { parseDecimal } from '#kernel';
console.log(START, parseDecimal('1', 2));
