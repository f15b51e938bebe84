/** Texts that are put beside an installed tool: its configuration, its rules. */
export type RecipeFiles = Readonly<Record<string, string>>;

/**
 * How a scanner is installed, in the versions that were seen to work without a network (formats.md §17). Paths are
 * relative to the folder it is installed into. `main` is the package whose version is recorded.
 */
export type InstallRecipe =
  | {
      readonly from: 'npm';
      readonly packages: readonly string[];
      readonly main: string;
      readonly program: string;
      /** Packages whose install scripts must run; no others do. */
      readonly scripts?: readonly string[];
      readonly files?: RecipeFiles;
    }
  | {
      readonly from: 'pypi';
      readonly packages: readonly string[];
      readonly main: string;
      readonly program: string;
      readonly files?: RecipeFiles;
    }
  | {
      readonly from: 'go';
      /** `path@version`. */
      readonly module: string;
      readonly program: string;
      readonly files?: RecipeFiles;
    }
  /** In no registry of a language: found on the PATH, or not. */
  | {
      readonly from: 'system';
      readonly program: string;
      readonly version: readonly string[];
      readonly versionPattern: RegExp;
      readonly hint: string;
    };

/** The version we pin; null where we do not choose. */
export function pinnedVersion(recipe: InstallRecipe): string | null {
  if (recipe.from === 'system') return null;
  if (recipe.from === 'go') return recipe.module.slice(recipe.module.lastIndexOf('@') + 1).replace(/^v/, '');
  const packageOf = recipe.packages.find((one) => nameOf(one) === recipe.main) ?? '';
  return /(?:==|@)([^@=]+)$/.exec(packageOf)?.[1] ?? null;
}

/** `bandit` of `bandit[sarif]==1.9.4`, `@ast-grep/cli` of `@ast-grep/cli@0.51.1`. */
export const nameOf = (requirement: string): string =>
  requirement.replace(/(?:\[[^\]]*\])?==.*$/, '').replace(/(?<=.)@[^@/]*$/, '');

/** One line that tells a person how. */
export function howToInstall(name: string, recipe: InstallRecipe): string {
  return recipe.from === 'system' ? recipe.hint : `assay scanners install ${name}`;
}
