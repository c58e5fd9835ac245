import type { DeploymentFile } from "../deployment-file.ts";
import type { Tree } from "../yaml-tree.ts";

/** A document of Kubernetes with the file that it is in. */
export interface Resource {
  readonly tree: Tree;
  readonly kind: string;
  readonly name: string;
  readonly file: DeploymentFile;
}
