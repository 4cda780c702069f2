import { Module } from '@nestjs/common';
import { EstablishMunicipalityHandler } from './establish-municipality/establish-municipality.handler.js';
import { ListMaterialHandler } from './list-material/list-material.handler.js';
import { MaterialsController } from './materials/materials.controller.js';
import { CollectionPointsReader } from './municipality-register/collection-points.reader.js';
import { MunicipalityDirectoryReader } from './municipality-register/municipality-directory.reader.js';
import { OpenCollectionPointHandler } from './open-collection-point/open-collection-point.handler.js';

/** What a municipality is, collects, and where: commands and queries. Stands on what the platform gives. */
@Module({
  controllers: [MaterialsController],
  providers: [
    EstablishMunicipalityHandler,
    ListMaterialHandler,
    OpenCollectionPointHandler,
    CollectionPointsReader,
    MunicipalityDirectoryReader,
  ],
  exports: [CollectionPointsReader, MunicipalityDirectoryReader],
})
export class MunicipalityModule {}
