module assay.invalid/strangers/witness

go 1.26
