import { Controller, Get } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { InstallationKeys, type ReceiptPublicJwk } from '../installation-keys/installation-keys.js';
import { Public } from './public.decorator.js';

export class ReceiptKeyDto implements ReceiptPublicJwk {
  @ApiProperty({ enum: ['OKP'] })
  readonly kty!: 'OKP';

  @ApiProperty({ enum: ['Ed25519'] })
  readonly crv!: 'Ed25519';

  @ApiProperty({ type: String })
  readonly x!: string;

  @ApiProperty({ type: String, description: 'RFC 7638 thumbprint; the `kid` of each receipt.' })
  readonly kid!: string;

  @ApiProperty({ enum: ['EdDSA'] })
  readonly alg!: 'EdDSA';

  @ApiProperty({ enum: ['sig'] })
  readonly use!: 'sig';
}

export class ReceiptKeySetDto {
  @ApiProperty({ type: ReceiptKeyDto, isArray: true })
  readonly keys!: readonly ReceiptKeyDto[];
}

/** The key that anybody can check a receipt with (RFC 7517). */
@ApiTags('receipts')
@Controller('.well-known')
export class ReceiptKeysController {
  constructor(private readonly keys: InstallationKeys) {}

  @Public()
  @Get('jwks.json')
  @ApiOperation({ summary: 'The public key that receipts are signed with' })
  @ApiOkResponse({ type: ReceiptKeySetDto })
  keySet(): ReceiptKeySetDto {
    return { keys: [this.keys.receiptKey.publicJwk] };
  }
}
