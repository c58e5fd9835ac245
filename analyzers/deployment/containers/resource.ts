import type { DeploymentFile } from "../deployment-file.ts";
import type { Tree } from "../yaml-tree.ts";

/** A document of Kubernetes with the file that it is in. */
export interface Resource {
  readonly tree: Tree;
  readonly kind: string;
  readonly name: string;
  readonly file: DeploymentFile;
  /** Whether a template of Helm writes it: then not all of it is there, nor is all that is there in every installation. */
  readonly isTemplate?: boolean;
}
