/** Whether what is seen is to be written into the tables, in place of being compared with them. */
export const isUpdate = process.env["WITNESS_UPDATE"] === "1";
