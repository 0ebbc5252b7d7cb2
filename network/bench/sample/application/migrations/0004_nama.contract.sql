-- SAMPLE. No way back to the first version from here on.
DO $$
BEGIN
  IF EXISTS (SELECT FROM permohonan WHERE pemohon = '') THEN
    RAISE EXCEPTION 'permohonan: pemohon belum terisi / not filled everywhere';
  END IF;
END $$;

DROP TRIGGER permohonan_alike ON permohonan;
DROP FUNCTION permohonan_alike();
ALTER TABLE permohonan DROP COLUMN nama;
ALTER TABLE permohonan ALTER COLUMN pemohon DROP DEFAULT, ADD CHECK (pemohon <> '');
