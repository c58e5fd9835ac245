const TEST_FILE = /(?:^|[\\/])(?:__tests__|__mocks__|tests?|e2e|spec)[\\/]|[.-](?:test|spec|e2e)\.[cm]?[jt]sx?$/;

/** Whether a file holds tests, or what only tests use, by its name. */
export const isTestFile = (filename: string): boolean => TEST_FILE.test(filename);
