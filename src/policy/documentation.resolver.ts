import { Args, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import type { DocumentationLanguage } from '../api/generated.js';
import { policyDocumentation } from './documentation.js';
import type { ShownPolicy } from './policy.resolver.js';

@Resolver('PolicyVersion')
export class DocumentationResolver {
  @ResolveField()
  documentation(
    @Parent() { record }: ShownPolicy,
    @Args('language') language: DocumentationLanguage,
  ): string {
    return policyDocumentation(record, language === 'NL' ? 'nl' : 'en');
  }
}
