-- SAMPLE. `nama` is to be called `pemohon`: both are there while old and new versions run, and are kept alike by the table
-- itself, whichever of them a version writes.
ALTER TABLE permohonan ADD COLUMN pemohon text NOT NULL DEFAULT '';

CREATE FUNCTION permohonan_alike() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.nama := coalesce(NEW.nama, NEW.pemohon);
    IF NEW.pemohon = '' THEN
      NEW.pemohon := NEW.nama;
    END IF;
  ELSIF NEW.nama <> OLD.nama THEN
    NEW.pemohon := NEW.nama;
  ELSIF OLD.pemohon <> '' THEN
    NEW.nama := NEW.pemohon;
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER permohonan_alike BEFORE INSERT OR UPDATE ON permohonan FOR EACH ROW EXECUTE FUNCTION permohonan_alike();
