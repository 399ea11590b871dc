"""Patterns that tell an employer, a place or a post by the words around it."""

from __future__ import annotations

import re

from actions.job_search import lexicon, words
from base.reading import MONTHS, NUMBERS

# What stands for itself.
KNOWN = re.compile(rf"(?:{lexicon.COMPANIES})(?![a-z0-9&'-])")
EMPLOYER = re.compile(rf"(?:{lexicon.EMPLOYERS})s?(?![a-z-])")
FIRM = re.compile(rf"(?:{lexicon.FIRMS})(?![a-z-])")
OF_A_PLACE = re.compile(words.OF_A_PLACE)
PLACE = re.compile(rf"(?:{lexicon.PLACES})(?![a-z-])")
TRADE = re.compile(rf"(?:{lexicon.TRADES})(?![a-z-])")
POST = re.compile(rf"(?:{lexicon.POSTS})")
NO_POST = re.compile(words.NO_POSTS)
POST_ENDING = re.compile(rf"(?!{words.NO_POSTS}){words.POST_ENDINGS}(?![a-z-])")

# What leads to an employer, a place or a post.
POST_MARKER = re.compile(
    r"(?:comme\b(?! (?:reponse|d'habitude|prevu|convenu|toujours|quoi|ca|moi)\b)|en tant qu(?:e |')|en qualite d(?:e |')|(?:pour |pr |(?:au sujet |en vue |dans le cadre |a propos )(?:de |d'|du )|concernant |relative? (?:a|au) )?(?:un |le |du |une |la |l'|leur |son )?(?:offre (?:de |d'|pour )(?:un |une )?)?(?:(?:postes?|places?|emplois?|jobs?|contrat|fonction|metier|titre) (?:fixe |vacante? |libre )?(?:de |d'|comme |en tant que )|(?:poste|metier|fonction) ?: ?)|pour (?:etre|devenir|travailler comme|bosser comme|faire)\b)"
)
FOR = re.compile(r"(?:pour|pr)\b(?: (?:un|une|le|la|du|les))?")
IN = re.compile(
    r"(?:chez|ches(?= )|aupres d(?:e la |u |es |e ))(?! (?:m(?:a|on|es|oi)|lui|elle|eux|nous|vous)\b)(?= |[a-z])"
)
TO = re.compile(
    r"(?:a la|a l'|au|aux|o(?= [a-z])|a|de la|de l'|de|du|d'|des|dans la|dans le|la|le|les|l')(?= |(?<=')|$)"
)
AT = re.compile(r"(?:a la|a l'|au|a) ?(?=[a-z])")
ONE = re.compile(r"(?:a |dans |chez |d'|de |pour |aupres d')?(?:un|une)\b")
ADJECTIVE = re.compile(r"(?:petite?|grande?|grosse?|jeune|vieille|nouvelle|nouveau|joli|jolie|ancienne?|autre) ")
"""Stands before what an employer is: «une petite fiduciaire»."""

# Where they end, and what goes on with them.
ENDS_COMPANY = re.compile(
    r"(?:comme|pour|pr|en|par|via|sur|avec|dans|aux|qui|que|ou|mais|et(?! (?:(?:cie|fils|filles?|associes|freres|soeurs?)\b|d'(?!autre)))|puis|poste|place|au|rep|rue|avenue|chemin|route|boulevard|quai|tjrs|ce|ds)(?![a-z'-])|en tant"
)
ENDS_POST = re.compile(
    r"(?:partout|chez|ches|aupres|(?:a la(?! (?:personne|vente|clientele|carte|production|reception|caisse|petite enfance))|a l'(?!accueil|enfance|integration|exploitation|international)|au(?! (?:sol|detail|guichet|rayon|service|transport|comptoir|bureau))|aux(?! (?:ventes|soins|achats|etages|personnes))|a(?! (?:domicile|tout faire|quai|bord|distance)))|dans|par|via|sur(?! (?:machine|appel|rout|cord|mesure))|mais|et(?! (?:nettoyage|entretien|logistique|marketing|communication|vente|service|desserte|maintenance))|puis|ou|qui|avec|aussi|ds|demande|les?|la|l'|un|une|pour|pr|car|parce|vu|auquel|a laquelle|dont|que|il|on|ils|elle|deux|trois|quatre|quelques|chaque|\dx\d)(?![a-z'-])|(?:l'|d'(?=un ))"
)
KIND_OF = re.compile(
    r"\d etoiles?|(?:de la |du |dans (?:la |le |l'))(?:fintech|biotech|pharma|finance|batiment|construction|luxe|horlogerie|sante|restauration|mode|tech|region|coin)(?![a-z])|"
    r"(?:de (?:the|commerce|jeux|jour|tatouage|bronzage|lavage)|d'(?:esthetique|optique|urgences?)|agee?|retraitee?|handicapee?|prive|temporaire|dentaire|medical|veterinaire|juridique|immobili|familial|publi|bio|du coin|de quartier|scolaire|universitaire|municipal|communal|italien|chinois|japonais|indien|thai|libanais|portugais|specialis|d'interim|interim)[a-z]*|(?:de |d')(?:architecte|avocat|beaute|chauffage|chaussure|"
    r"coiffure|communication|comptab|construction|danse|demenagement|fleur|gestion|ingenieur|jouet|langue|location|maconnerie|massage|meuble|"
    r"musique|nettoyage|peinture|placement|restauration|securite|soin|sport|toiture|transport|velo|vetement|voyage)[a-z]*"
)
ITS_PAGE = re.compile(r"\b(?:sites?|appli(?:cation)?|app|portail|page) (?:web |internet |carrieres? )?$")
"""«sur le site Coop»: whose site it is."""
COUNTED = re.compile(r"(?:les |tous |toutes )*(?:deux|trois|quatre|cinq|six|[2-6]) ")
SELF_EMPLOYED = re.compile(
    r"(?:agricult|antiquaire|architect|avocat|bijouti|boucher|boulanger|carreleu|carrossi|charpenti|coiffeu|cordonni|couvreu|demenageu|dentist|electrici|eleveu|ferblanti|fleurist|garagist|horlog|imprimeu|jardini|macon|maraich|mecanici|medecin|menuisi|notaire|opticien|paysagist|peintre|pharmaci|photograph|physio|plombi|serruri|tailleur|toiletteu|traiteur|veterinaire|vigneron)"
)
"""Who may be an employer in person: «à un maraîcher de Perly»."""
SOMEBODY = re.compile(rf" ?(?:(?:a|de|d'|au|aux) ?(?:{lexicon.PLACES})(?![a-z-])|cherch|qui cherch)")
APPLIED = re.compile(
    r"po+s+t+ul|envoy|ecri[st]|pass|all[ee]|rend|present|depos|laiss|donn|apport|sonn|retourn|candidat|dossier|\bcv\b|lettre|contact|appel|telephon|\btel\b|\bmail|courrier|la place|le poste"
)
CALLED = re.compile(r"(?:appele|contacte|demarche|sollicite|relance|rencontre|visite)e?$")
NOT_TO = re.compile(
    r"(?:interne|attention|intention|deux|trois|quatre|cinq|six|plusieurs|beaucoup|nouveau|chaque|tou(?:s|t|te|tes)|une?|l[ae]s?|leurs?|mon|ma|mes|son|sa|ses|nos|notre|vos|votre|temps|mi|plein|partir|cause|cote|propos|taux|mois|jour|midi|noir|sol|detail|rayon|service|departement|etage|suite|moins|plus|lieu|domicile|pied|ville|guichet|comptoir|magasin|secretariat|printemps|ete|automne|hiver|debut|fin|retour|"
    r"annonce|offre|appel|accueil|adresse|poste|personne|[a-z]+er|[a-z]{1,2})(?![a-z])|[^a-z]"
)
"""What follows «envoyé à» and names no employer."""
SOME = re.compile(
    rf"(?:deux|trois|quatre|cinq|six|\d|plusieurs|des) (?:{lexicon.EMPLOYERS})s?(?: d'interim| de placement)?(?![a-z-])"
)
OTHERS = re.compile(r"(?:des|quelques|plusieurs|deux|trois|quatre|d'autres) [a-z]+|les [a-z]+s(?= ?:)")
"""Follows «chez» and names nobody: «chez des privés»."""
THROUGH = re.compile(r"\bvia (?:l'agence )?$")
BY = re.compile(r"\bpar (?:l'|une )?$")
AGENCY = re.compile(r"agence ")
SEVERAL = re.compile(r"\b(?P<number>deux|trois|quatre|cinq|six|[2-6]|plusieurs) $")
REGIONAL = re.compile(
    r"(?:assurances?|banque|bank|immobilier|immo|holding|group|(?:genevois|vaudois|lausannois|romand|suisse|international|bernois|fribourgeois|jurassien|neuchatelois|valaisan)(?:n?e)?s?)(?![a-z-])"
)
MORE_OF_PLACE = re.compile(rf"et (?:d'|de |du |des )(?!autre)\S+|{REGIONAL.pattern}")
"""Goes on with a name: «Musée d'art et d'histoire»."""
DEPARTMENT = re.compile(
    r"(?:station(?:-service)?|(?<=station )service|restaurant|boulangerie|boucherie|traiteur|take[ -]away|cafe|fitness|pharmacie|maternite|voyages?|logistique|medical|securite|interim|construction)(?![a-z-])"
)
"""Goes on with a name that is known: «Tamoil station-service»."""
WORD = re.compile(r"[^\s]+")
BLANK = re.compile(r"\s*")
POST_AFTER = re.compile(
    r"(?:poste|place|emploi|job|travail|boulot|stage|remplacements?|mission|cdd|cdi) (?:de |d'|dans (?:le |la |l')?)?"
)
ARTICLE = re.compile(r"\s*(?:un |une |le |la |l'|d'|de )?")
THE = re.compile(r"\s*(?:la |le |les |l')?(?!mobiliere|poste\b)")
LA = re.compile(r"la |l'")
WITH_ARTICLE = re.compile(r"la (?:poste|mobiliere)")
SEEN = re.compile(r"\bvue?s?\s*$")
THEIRS = re.compile(r"\b(?:mon|ma|mes|votre|vos|notre|leur|son|sa)\s+$")
PARTICLE = re.compile(r"(?:de la|de l'|du|des|de|d'|les|la|le|l'|chez|&|et d'|et (?:de|du|des)|et)(?: |(?<='))")
ARTICLE_OF = re.compile(r"l[ae]s?(?![a-z'])|l'")
SPEAKS = re.compile(
    r" (?:m'a|m'ont|ma dit|a (?:dit|pris|repondu|garde|voulu|lu)|qui|est|etait|m'avait|voulait|garde)(?![a-z'])"
)
"""Says that the one before is a person who was met, and not a post."""
PLACED = re.compile(r"(?:au|aux|a|dans|en|par|avec|sur)(?![a-z'])")
LETTER = re.compile(r"[A-Z](?![a-zà-ÿ'])")
LEGAL = re.compile(
    r"[A-ZÀ-Ý][\w'&.-]*(?: (?:(?:de |du |des |la |le |et |& )?[A-ZÀ-Ý][\w'&.-]*|&)){0,4}? (?:SA|S\.A\.|S[àa]rl|SARL|S[àa]RL|AG|GmbH)(?![\w-])"
)
"""A name with its legal form."""
DONE = re.compile(r"(?<!t)ée?s?$")
"""Ends what somebody has done, and no name: «rappelé», but «café du marché» has capitals or a kind."""
THE_POST = re.compile(r"place|poste|job|non$|refus")
BEGINS_NAME = re.compile(r"interim|entre|autre|bon|ok|bis")
"""Says nothing by itself, and may begin a name: «Interim Team»."""
IS_NAME = re.compile(r"[a-z]{2}|[a-z0-9] ?& ?[a-z]|\d[a-z]")
WITH_SIGN = re.compile(r"\b(?:amstein|kue?hne|[a-z]+) \+ (?:walthert|nagel|partners?|associes)\b")
"""Names with what else separates."""
NOTICE_OF = re.compile(r"(?:annonce|offre|poste) (?:de |du |d'|chez )")
"""«vu l'annonce de l'Hôtel Eden»: leads to the employer."""
ON_BOARD = frozenset({"a la", "au", "a l'", "dans la", "dans le"})
NOTICE = re.compile(r"\bannonces?\s*$")
"""Where they saw the offer: «annonce à la Migros»."""
OF_WHERE = re.compile(r" (?:du |de la |de l'|de chez |des |de |d')")
DEFINITE = re.compile(r"\b(?:le |la |l'|au |a la |a l')$")
OF_THE = frozenset({"de la", "du", "les", "des", "la"})
JOINING = frozenset({"de", "d'", "du", "en", "des", "la", "le", "au"})
TO_PLACE = re.compile(r"a (?=[a-z])")
LEADING = re.compile(
    r"(?:(?:(?:le|la|les|un|une|de|du|des|a|au|aux|et|en|par|dans|avec|pour|tous|toutes|tout|chez)(?![a-z'])|l')\s*)+"
)
NO_NAME = re.compile(rf"{words.NO_NAMES} (?!de |d')")
NUMBER_OR_MONTH = re.compile("|".join((*NUMBERS, *MONTHS, "sa|sarl|ag|gmbh|jour|semaine|mois|annee")))
AUXILIARY = re.compile(r" (?:a|ont|est|m'a|m'ont)\s*$")
TRAILING = re.compile(r"(?: (?:et|ou|puis|de|du|des|a|au|aux|chez|le|la|les|pour|comme|via|par|en|dans|sur|avec))+\s*$")
PROPER_NAME = re.compile(r"[A-ZÀ-Ý][\w'&.-]*(?: (?:(?:de |du |des |la |le |les |& )*[A-ZÀ-Ý][\w'&.-]*|& ?\w+))*")
LAST_NAME = re.compile(r"(?<= )[A-ZÀ-Ý][\w'&.-]+(?: (?:(?:de |du |des |la |le |les |& )*[A-ZÀ-Ý][\w'&.-]*))*(?=\s*$)")
BEFORE_NOUN = re.compile(
    r"l[ae]s?|une?|d[eu]s?|ce(?:tte|t|s)?|m(?:on|a|es)|leurs?|s(?:on|a|es)|par|sur|avec|pour|pr|en|dans|comme|plus|tres|trop|pas|deux|trois|quelques?|plusieurs|au|aux|a"
)
"""Stands before a noun, and not before the name of an employer."""
BOTH = re.compile(r"(?P<one>[A-ZÀ-Ý0-9][\w'&.-]+) et (?P<other>[A-ZÀ-Ý0-9][\w'&.-]+)\s*")
KIN = re.compile(r"(?:cie|co|fils|filles?|associes|freres|soeurs?|partenaires?|partners)(?![a-z])")
"""Belongs to the name before: «Barro et Cie»."""
NO_PROPER_NAME = re.compile(
    r"cv|cfc|rh|orp|oce|avs|cdi|cdd|rdv|ok|suisse|france|madame|monsieur|mme|mr|sinon|pour|hier|alors|apres|merci|dans|chez|bonjour|salut|"
    r"comme|depuis|cette|ensuite|puis|aujourd'hui|la|le|les|un|une|et|mais|candidature|postulation|demande|avec|sans|nouvelle|dernier|refus|voici|voila"
)
