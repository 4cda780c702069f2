import { SetMetadata } from '@nestjs/common';

export const PUBLIC_ROUTE = 'mizan:public-route';

/** A route that needs nobody to be signed in. */
export const Public = () => SetMetadata(PUBLIC_ROUTE, true);
